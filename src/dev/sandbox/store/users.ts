import { randomInt } from 'node:crypto';
import { SANDBOX_ACCOUNT_ID } from './apps.js';
import { zoomIdentifier } from './identifiers.js';
import { DAY_MS } from './time.js';

export interface SandboxUser {
  id: string;
  accountId: string;
  /** Absent for one default user, because Zoom may leave the address out. */
  email?: string | undefined;
  firstName: string;
  lastName: string;
  displayName: string;
  /** 1 Basic, 2 Licensed, 4 Unassigned, 99 None. */
  type: 1 | 2 | 4 | 99;
  status: 'active' | 'pending' | 'inactive';
  timezone?: string | undefined;
  pmi: number;
  /** Whether meetings take place in the personal room unless a request says otherwise. */
  usePmi?: boolean;
  roleId: string;
  createdAt: string;
}

/** Makes a user. The defaults describe a licensed, active member of the sandbox's account. */
export function createUser(partial: Partial<SandboxUser>, now: Date): SandboxUser {
  const id = partial.id ?? zoomIdentifier();
  const defaults: SandboxUser = {
    id,
    accountId: SANDBOX_ACCOUNT_ID,
    email: `coach-${id.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase()}@example.com`,
    firstName: 'Added',
    lastName: 'Coach',
    displayName: `${partial.firstName ?? 'Added'} ${partial.lastName ?? 'Coach'}`,
    type: 2,
    status: 'active',
    timezone: 'Europe/Berlin',
    pmi: randomInt(3_000_000_000, 9_999_999_999),
    roleId: '2',
    createdAt: new Date(now.getTime() - 400 * DAY_MS).toISOString(),
  };
  return { ...defaults, ...partial, id };
}

/** The time zone of a user, or UTC if the user has none. */
export function timeZoneOf({ timezone }: SandboxUser): string {
  return timezone === undefined || timezone === '' ? 'UTC' : timezone;
}

/** Four users: licensed, free, without email and time zone, pending. */
function defaultUsers(now: Date): SandboxUser[] {
  const described: Partial<SandboxUser>[] = [
    { id: 'SbxLicensedCoach0Rk7Qw', email: 'licensed.coach@example.com', firstName: 'Licensed', roleId: '1' },
    {
      id: 'SbxFreeCoach00000_Lm4Z',
      email: 'free.coach@example.com',
      firstName: 'Free',
      type: 1,
      timezone: '',
      pmi: 0,
      roleId: '0',
    },
    { id: 'SbxSparseCoach000-Vb9T', email: undefined, firstName: 'Sparse', timezone: undefined },
    {
      id: 'SbxPendingCoach00_Hc2N',
      email: 'pending.coach@example.com',
      firstName: 'Pending',
      status: 'pending',
    },
  ];
  return described.map((partial) => createUser(partial, now));
}

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

  /** Finds a user of an account by id or email. A Server-to-Server app may use either. */
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
