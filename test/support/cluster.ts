import { randomBytes } from 'node:crypto';
import { CALLBACK_PATH } from '../../src/http/callback-route';
import { type Database, openDatabase } from '../../src/models/database';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox';
import { TokenCipher } from '../../src/tokens/token-cipher';
import { Browser } from './browser';
import { consentAt } from './consent';
import { testDatabase } from './database';
import { type DatabaseProxy, startDatabaseProxy } from './database-proxy';
import { FRONTEND, type GraphQLAnswer, tokenFor } from './harness';
import { type ServerProcess, startServerProcess } from './server-process';

/** Several server processes on one database and one sandbox; each process reaches the database through a proxy of its own. */
export interface Cluster {
  processes: ServerProcess[];
  /** The way of each process to the database. */
  proxies: DatabaseProxy[];
  sandbox: Sandbox;
  database: Database;
  /** Connects a Zoom user, a fresh one unless one is given, through the first process that lives. */
  connect(userId: string, zoomUserId?: string): Promise<string>;
  /** Makes the stored access token look expired, on every clock. */
  expire(userId: string): Promise<void>;
  /** Runs an operation at a process as a user. */
  ask(process: number, userId: string, query: string): Promise<GraphQLAnswer>;
  /** Asks a process for the user's Zoom profile. */
  profile(process: number, userId: string): Promise<GraphQLAnswer>;
  /** Asks for the profile and cuts the connection as soon as `when` holds. */
  hangUp(process: number, userId: string, when: () => boolean): Promise<void>;
  /** Asks a process for the user's connection. */
  connection(
    process: number,
    userId: string,
  ): Promise<{ status: string; reason: string | null; nextAction: string }>;
  /** Starts a further process in the place of one that has ended. */
  restart(process: number): Promise<void>;
  /** Whether the database and the sandbox tell the same story about a user. */
  audit(userId: string): Promise<Books>;
  close(): Promise<void>;
}

/** What the database holds for a user, and what the sandbox thinks of it. */
export interface Books {
  isActive: boolean;
  reason: string | undefined;
  /** Whether the stored tokens are alive at the sandbox; undefined when none are stored. */
  refreshTokenLive: boolean | undefined;
  accessTokenLive: boolean | undefined;
  events: string[];
}

/** Starts `size` processes. */
export async function startCluster(
  size: number,
  { sandbox: sandboxOptions, env }: { sandbox?: SandboxOptions; env?: Record<string, string> } = {},
): Promise<Cluster> {
  const home = testDatabase();
  const sandbox = await startSandbox(sandboxOptions);
  const key = randomBytes(32);
  const cipher = new TokenCipher([{ kid: 'test', key: new Uint8Array(key) }]);
  const proxies = await Promise.all(Array.from({ length: size }, () => startDatabaseProxy(home.uri)));
  const start = (proxy: DatabaseProxy) =>
    startServerProcess({
      mongodbUri: proxy.uri(home.uri),
      sandboxUrl: sandbox.url,
      encryptionKeys: `test:${key.toString('base64')}`,
      env,
    });
  const processes: ServerProcess[] = [];
  for (const proxy of proxies) processes.push(await start(proxy));
  const database = await openDatabase(home.uri);
  const allow = () => {
    sandbox.control.updateApp({ redirectUris: processes.map(({ url }) => `${url}${CALLBACK_PATH}`) });
  };
  allow();
  const grants = database.models.grants;
  const ask = async (
    index: number,
    userId: string,
    query: string,
    { browser, signal }: { browser?: Browser; signal?: AbortSignal } = {},
  ): Promise<GraphQLAnswer> => {
    const response = await (browser?.fetch.bind(browser) ?? fetch)(`${processes[index]?.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await tokenFor(() => new Date(), userId)}`,
      },
      body: JSON.stringify({ query }),
      signal,
    });
    return (await response.json()) as GraphQLAnswer;
  };
  return {
    processes,
    proxies,
    sandbox,
    database,
    connect: async (userId, zoomUserId = sandbox.control.addUser().id) => {
      const index = processes.findIndex((process) => process.alive());
      const browser = new Browser();
      const start = `mutation { startZoomAuthorization(input: { returnTo: "${FRONTEND}/" }) { authorizationUrl } }`;
      const { data } = await ask(index, userId, start, { browser });
      const url = data.startZoomAuthorization.authorizationUrl as string;
      const answer = await browser.fetch(await consentAt(browser, url, { zoomUserId }));
      if (!answer.headers.get('location')?.includes('zoom=connected'))
        throw new Error(`not connected: ${answer.headers.get('location')}`);
      return zoomUserId;
    },
    expire: async (userId) => {
      await grants.updateOne(
        { userId },
        { $set: { zoomAccessTokenExpiry: new Date(Date.now() - 3_600_000) } },
      );
    },
    ask: (index, userId, query) => ask(index, userId, query),
    profile: (index, userId) => ask(index, userId, '{ zoomProfile { id } }'),
    hangUp: async (index, userId, when) => {
      const caller = new AbortController();
      const call = ask(index, userId, '{ zoomProfile { id } }', { signal: caller.signal }).catch(
        () => undefined,
      );
      await until(when);
      caller.abort();
      await call;
    },
    connection: async (index, userId) =>
      (await ask(index, userId, '{ zoomConnection { status reason nextAction } }')).data.zoomConnection,
    restart: async (index) => {
      processes[index] = await start(proxies[index] as DatabaseProxy);
      allow();
    },
    audit: async (userId) => {
      const row = await grants.findOne({ userId }).lean();
      const events = await database.models.auditEvents.find({ userId }).sort({ occurredAt: 1 }).lean();
      const live = async (sealed: string | undefined, field: 'zoomAccessToken' | 'zoomRefreshToken') => {
        if (sealed === undefined) return undefined;
        const token = (await cipher.open(sealed, { userId, field })).reveal();
        return field === 'zoomAccessToken'
          ? sandbox.control.isAccessTokenLive(token)
          : sandbox.control.isRefreshTokenLive(token);
      };
      return {
        isActive: row?.isActive ?? false,
        reason: row?.reason,
        refreshTokenLive: await live(row?.zoomRefreshToken, 'zoomRefreshToken'),
        accessTokenLive: await live(row?.zoomAccessToken, 'zoomAccessToken'),
        events: events.map(({ type, cause }) => (cause ? `${type} ${cause}` : type)),
      };
    },
    close: async () => {
      await Promise.all(processes.map((process) => process.kill()));
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await database.close();
      await sandbox.close();
      await home.drop();
    },
  };
}

/** Waits until `condition` holds; fails after `timeoutMs`. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline;) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`the condition did not come true within ${timeoutMs} ms`);
}
