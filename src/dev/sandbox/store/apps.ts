/** The registration of an app. */
export interface SandboxApp {
  clientId: string;
  clientSecret: string;
  redirectUris: string[];
  scopes: string[];
  /** Scopes that the user can refuse on the consent page. */
  optionalScopes?: string[];
  /** Only a published app receives `app_deauthorized`. */
  published?: boolean;
  webhookUrl?: string;
  webhookSecretToken?: string;
  /** The account of a Server-to-Server app; absent for a user-managed app. */
  accountId?: string;
}

export const SANDBOX_CLIENT_ID = 'SbxUserManaged8Qk3wZ1A';

export const SANDBOX_CLIENT_SECRET = 'sbx7Yq2LmVt4RcX9nKdP0sWb6HjGfA3z';

/** The secret token that signs the webhooks of the default user-managed app. */
export const SANDBOX_WEBHOOK_SECRET_TOKEN = 'sbxWebhookSecret_0';

/** The account of both default apps and of every default user. */
export const SANDBOX_ACCOUNT_ID = 'SbxAccount0_w5Tq9rN2kA';

export const SANDBOX_S2S_ACCOUNT_ID = SANDBOX_ACCOUNT_ID;

export const SANDBOX_S2S_CLIENT_ID = 'SbxServer2Server4Tn7Pg';

export const SANDBOX_S2S_CLIENT_SECRET = 'sbxS2S5gHn1TzWq8KvB3cXy6MpLd0RfJ';

/** The granular scopes that the sandbox knows. Each exists for apps with `:admin` too. */
const USER_LEVEL_SCOPES: readonly string[] = [
  'user:read:user',
  'user:read:settings',
  'meeting:read:list_meetings',
  'meeting:read:list_upcoming_meetings',
  'meeting:read:meeting',
  'meeting:write:meeting',
  'meeting:update:meeting',
  'meeting:delete:meeting',
  'meeting:read:participant',
  'cloud_recording:read:list_user_recordings',
  'cloud_recording:read:list_recording_files',
  'cloud_recording:read:recording',
];

function defaultUserManagedApp(): SandboxApp {
  return {
    clientId: SANDBOX_CLIENT_ID,
    clientSecret: SANDBOX_CLIENT_SECRET,
    redirectUris: ['localhost', '127.0.0.1'].map(
      (host) => `http://${host}:5001/api/zoom/oauth/user-callback`,
    ),
    scopes: [...USER_LEVEL_SCOPES],
    published: false,
    webhookSecretToken: SANDBOX_WEBHOOK_SECRET_TOKEN,
  };
}

function defaultServerToServerApp(): SandboxApp {
  return {
    clientId: SANDBOX_S2S_CLIENT_ID,
    clientSecret: SANDBOX_S2S_CLIENT_SECRET,
    redirectUris: [],
    scopes: USER_LEVEL_SCOPES.map((scope) => `${scope}:admin`),
    accountId: SANDBOX_S2S_ACCOUNT_ID,
  };
}

/** The registered apps: one is user-managed, the other is Server-to-Server. */
export class AppRegistry {
  readonly userManaged: SandboxApp;
  readonly serverToServer: SandboxApp = defaultServerToServerApp();

  constructor(overrides: Partial<SandboxApp> = {}) {
    this.userManaged = { ...defaultUserManagedApp(), ...overrides };
  }

  find(clientId: string): SandboxApp | undefined {
    return [this.userManaged, this.serverToServer].find((app) => app.clientId === clientId);
  }

  /** Changes the registration of an app. Tokens that are already issued keep their scopes. */
  update(changes: Partial<SandboxApp>, clientId = this.userManaged.clientId): SandboxApp {
    const app = this.find(clientId);
    if (!app) throw new Error(`The sandbox has no app with client id ${clientId}.`);
    return Object.assign(app, changes);
  }
}
