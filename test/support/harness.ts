import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { SignJWT } from 'jose';
import {
  type Sandbox,
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
  type SandboxOptions,
  startSandbox,
} from '../../src/dev/sandbox/sandbox.js';
import { type CompleteConfig, type Config } from '../../src/config/config.js';
import { CALLBACK_PATH } from '../../src/http/callback-route.js';
import { type Database, openDatabase } from '../../src/models/database.js';
import { Secret } from '../../src/lib/secret.js';
import { type Server, startServer } from '../../src/app/server.js';
import { Browser } from '../../src/dev/demo/browser.js';
import { consentAt, type ConsentChoice } from './consent.js';
import { type TestDatabase, testDatabase } from './database.js';
import { movableClock, type MovableClock } from './movable-clock.js';
import { type RecordingLogger, recordingLogger } from './recording-logger.js';

/** Secret and names of the platform that signs the callers' tokens. */
export const JWT_SECRET = 'a secret of the platform, 32 bytes or more';
export const JWT_ISSUER = 'https://platform.example.com';
export const JWT_AUDIENCE = 'zoom-grants';
/** The one allowed frontend. */
export const FRONTEND = 'https://app.example.com';

/** An answer of /graphql. */
export interface GraphQLAnswer {
  // Tests know what they asked for.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data: any;
  errors?: { message: string; path?: string[]; extensions: Record<string, unknown> & { code: string } }[];
}

/** A whole server with its sandbox and its database, over HTTP. */
export interface Harness {
  server: Server;
  url: string;
  sandbox: Sandbox;
  /** Looks into the database behind the server's back. */
  database: Database;
  config: CompleteConfig;
  clock: MovableClock;
  log: RecordingLogger;
  /** Moves the server's and the sandbox's clock. */
  advance(ms: number): Promise<void>;
  /** A token of the platform. */
  tokenFor(userId: string, role?: string): Promise<string>;
  /** Runs an operation as a user (undefined: nobody), in a browser if one is given. */
  graphql(
    userId: string | undefined,
    query: string,
    options?: { variables?: object; browser?: Browser; role?: string },
  ): Promise<GraphQLAnswer>;
  /** Starts, consents and returns: where the frontend finds itself. A fresh Zoom user unless one is given. */
  connect(userId: string, choice?: ConsentChoice): Promise<Connected>;
  close(): Promise<void>;
}

/** What a connection attempt left. */
export interface Connected {
  location: string;
  zoomUserId: string;
  browser: Browser;
}

/** A user id that no other test has. */
export const someUser = () => `user-${randomUUID()}`;

/** Starts a harness. `config` replaces parts of the server's configuration. */
export async function startHarness({
  config: changes,
  sandbox: sandboxOptions,
  jitter = () => 0,
  webhookSecretTokens,
}: {
  config?: Partial<Config>;
  sandbox?: SandboxOptions;
  jitter?: () => number;
  webhookSecretTokens?: readonly Secret[];
} = {}): Promise<Harness> {
  const port = await freePort();
  const clock = movableClock();
  const log = recordingLogger();
  const home: TestDatabase = testDatabase();
  const redirectUri = `http://127.0.0.1:${port}${CALLBACK_PATH}`;
  const sandbox = await startSandbox({
    ...sandboxOptions,
    app: { redirectUris: [redirectUri], ...sandboxOptions?.app },
  });
  const config = {
    ...testConfig({ port, redirectUri, sandbox, mongodbUri: home.uri }),
    ...changes,
  } as CompleteConfig;
  if (webhookSecretTokens) config.zoom = { ...config.zoom, webhookSecretTokens };
  const server = await startServer(config, { logger: log.logger, clock, jitter });
  const database = await openDatabase(home.uri);
  const harness = { server, url: server.url, sandbox, database, config, clock, log };
  const graphql = graphqlOf(server.url);
  return {
    ...harness,
    advance: async (ms) => {
      clock.advance(ms);
      await sandbox.control.advanceClock(ms);
    },
    tokenFor: (userId, role) => tokenFor(clock, userId, role),
    graphql: async (userId, query, { variables, browser, role } = {}) =>
      graphql(
        userId === undefined ? undefined : await tokenFor(clock, userId, role),
        query,
        variables,
        browser,
      ),
    connect: async (userId, choice = {}) => {
      const browser = new Browser();
      const zoomUserId = choice.zoomUserId ?? sandbox.control.addUser().id;
      const token = await tokenFor(clock, userId);
      const start = `mutation { startZoomAuthorization(input: { returnTo: "${FRONTEND}/settings" }) { authorizationUrl } }`;
      const { data } = await graphql(token, start, undefined, browser);
      const callback = await consentAt(browser, data.startZoomAuthorization.authorizationUrl as string, {
        ...choice,
        zoomUserId,
      });
      const answer = await browser.fetch(callback);
      return { location: answer.headers.get('location') ?? `HTTP ${answer.status}`, zoomUserId, browser };
    },
    close: async () => {
      await server.close();
      await database.close();
      await sandbox.close();
      await home.drop();
    },
  };
}

function testConfig(given: {
  port: number;
  redirectUri: string;
  sandbox: Sandbox;
  mongodbUri: string;
}): CompleteConfig {
  return {
    production: false,
    http: { host: '127.0.0.1', port: given.port, trustProxy: false, corsOrigins: [FRONTEND], pages: false },
    api: {
      introspection: 'everybody',
      trustedDocumentsFile: undefined,
      metricsToken: undefined,
      hostedMeetingsPerDay: 30,
    },
    zoom: {
      clientId: SANDBOX_CLIENT_ID,
      clientSecret: new Secret(SANDBOX_CLIENT_SECRET),
      redirectUri: given.redirectUri,
      oauthBaseUrl: given.sandbox.url,
      apiBaseUrl: given.sandbox.url,
    },
    fallbacks: {},
    events: {},
    mongodbUri: new Secret(given.mongodbUri),
    dataDir: '',
    encryptionKeys: [{ kid: 'test', key: new Uint8Array(randomBytes(32)) }],
    authentication: {
      sources: [{ kind: 'secret', secret: new Secret(JWT_SECRET) }],
      issuer: JWT_ISSUER,
      audience: JWT_AUDIENCE,
    },
    defaultReturnTo: `${FRONTEND}/`,
    timing: {
      tokenTimeoutMs: 3_000,
      apiTimeoutMs: 3_000,
      refreshLeaseTtlMs: 3_000,
      shutdownDelayMs: 0,
      shutdownTimeoutMs: 10_000,
    },
    proxies: {},
    warnings: [],
    auditRetentionDays: 30,
    logLevel: 'debug',
  };
}

/** A token as the platform signs it; `claims` replace or remove (undefined) parts. */
export async function tokenFor(clock: () => Date, userId: string, role?: string): Promise<string> {
  const now = Math.floor(clock().getTime() / 1000);
  return new SignJWT({ ...(role && { role }) })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userId)
    .setIssuer(JWT_ISSUER)
    .setAudience(JWT_AUDIENCE)
    .setIssuedAt(now)
    .setExpirationTime(now + 3600)
    .sign(Buffer.from(JWT_SECRET));
}

function graphqlOf(url: string) {
  return async (
    token: string | undefined,
    query: string,
    variables?: object,
    browser?: Browser,
  ): Promise<GraphQLAnswer> => {
    const send = browser ? browser.fetch.bind(browser) : fetch;
    const response = await send(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as GraphQLAnswer;
  };
}

/** Below the ports that the system gives to outgoing connections, which would take a port again at once. */
const PORTS = { first: 10_000, ofEachWorker: 2_500, workers: 8 };
/** The ports of who has just died, or is about to listen, are nobody else's. */
const RECENT_PORTS = 1_000;
const recentPorts = new Set<number>();

/** A port that is free now, and that nobody in this run has had lately. */
export async function freePort(): Promise<number> {
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 0) % PORTS.workers;
  for (;;) {
    const port = PORTS.first + worker * PORTS.ofEachWorker + randomInt(PORTS.ofEachWorker);
    if (recentPorts.has(port)) continue;
    const probe = createServer().listen(port, '127.0.0.1');
    const isFree = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    recentPorts.add(port);
    const [oldest] = recentPorts;
    if (recentPorts.size > RECENT_PORTS && oldest !== undefined) recentPorts.delete(oldest);
    return port;
  }
}
