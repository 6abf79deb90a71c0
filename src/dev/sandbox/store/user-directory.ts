import { createUser, defaultUsers, type SandboxUser } from './sandbox-user.js';

/** The Zoom users of the sandbox. */
export class UserDirectory {
  private readonly users = new Map<string, SandboxUser>();

  constructor(now: Date) {
    for (const user of defaultUsers(now)) this.users.set(user.id, user);
  }

  add(partial: Partial<SandboxUser>, now: Date): SandboxUser {
    const user = createUser(partial, now);
    this.users.set(user.id, user);
    return user;
  }

  find(id: string): SandboxUser | undefined {
    return this.users.get(id);
  }

  /** A user by id or email within one account, as a Server-to-Server app may name him. */
  findInAccount(idOrEmail: string, accountId: string): SandboxUser | undefined {
    const inAccount = this.list().filter((user) => user.accountId === accountId);
    return inAccount.find((user) => user.id === idOrEmail || user.email === idOrEmail);
  }

  replaceAll(users: readonly SandboxUser[]): void {
    this.users.clear();
    for (const user of users) this.users.set(user.id, user);
  }

  list(): SandboxUser[] {
    return [...this.users.values()];
  }
}
