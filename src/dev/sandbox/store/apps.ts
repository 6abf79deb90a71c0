/** An app as registered in the sandbox's Marketplace. */
export interface SandboxApp {
  clientId: string;
  clientSecret: string;
  redirectUris: string[];
  scopes: string[];
  /** Scopes the user may untick on the consent page. */
  optionalScopes?: string[];
  /** Only a published app is told of its removal. */
  published?: boolean;
  webhookUrl?: string;
  webhookSecretToken?: string;
  /** The account of a Server-to-Server app; absent for a user-managed app. */
  accountId?: string;
}

/** Client id of the default user-managed app. */
export const SANDBOX_CLIENT_ID = 'SbxUserManaged8Qk3wZ1A';

/** Client secret of the default user-managed app. */
export const SANDBOX_CLIENT_SECRET = 'sbx7Yq2LmVt4RcX9nKdP0sWb6HjGfA3z';

/** Secret token that signs the webhooks of the default user-managed app. */
export const SANDBOX_WEBHOOK_SECRET_TOKEN = 'sbxWebhookSecret_0';

/** Account that owns both default apps and every default user. */
export const SANDBOX_ACCOUNT_ID = 'SbxAccount0_w5Tq9rN2kA';

/** Account id of the default Server-to-Server app. */
export const SANDBOX_S2S_ACCOUNT_ID = SANDBOX_ACCOUNT_ID;

/** Client id of the default Server-to-Server app. */
export const SANDBOX_S2S_CLIENT_ID = 'SbxServer2Server4Tn7Pg';

/** Client secret of the default Server-to-Server app. */
export const SANDBOX_S2S_CLIENT_SECRET = 'sbxS2S5gHn1TzWq8KvB3cXy6MpLd0RfJ';

/** Every user-level granular scope that the sandbox's API knows. */
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

/** The user-managed app that the sandbox registers when it is told nothing else. */
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

/** The Server-to-Server app that stands beside the user-managed one; its scopes are the admin twins. */
function defaultServerToServerApp(): SandboxApp {
  return {
    clientId: SANDBOX_S2S_CLIENT_ID,
    clientSecret: SANDBOX_S2S_CLIENT_SECRET,
    redirectUris: [],
    scopes: USER_LEVEL_SCOPES.map((scope) => `${scope}:admin`),
    accountId: SANDBOX_S2S_ACCOUNT_ID,
  };
}

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
