import { defaultServerToServerApp, defaultUserManagedApp, type SandboxApp } from './sandbox-app.js';

/** The registered apps: one user-managed app and one Server-to-Server app. */
export class AppRegistry {
  readonly userManaged: SandboxApp;
  readonly serverToServer: SandboxApp = defaultServerToServerApp();

  constructor(overrides: Partial<SandboxApp> = {}) {
    this.userManaged = { ...defaultUserManagedApp(), ...overrides };
  }

  find(clientId: string): SandboxApp | undefined {
    return [this.userManaged, this.serverToServer].find((app) => app.clientId === clientId);
  }

  /** Changes an app's registration; tokens already issued keep what they had. */
  update(changes: Partial<SandboxApp>, clientId = this.userManaged.clientId): SandboxApp {
    const app = this.find(clientId);
    if (!app) throw new Error(`The sandbox has no app with client id ${clientId}.`);
    return Object.assign(app, changes);
  }
}
