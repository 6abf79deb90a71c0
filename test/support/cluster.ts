import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '../../src/models/database.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/dev/sandbox/sandbox.js';
import { TokenCipher } from '../../src/grants/token-cipher.js';
import { type Books, type Expectations, findContradictions, readBooks } from './books.js';
import { Browser } from '../../src/dev/demo/browser.js';
import { consentAt } from './consent.js';
import { testDatabase, type TestDatabase } from './database.js';
import { type DatabaseProxy } from './database-proxy.js';
import { FRONTEND, type GraphQLAnswer, tokenFor } from './harness.js';
import { Fleet, type FleetOptions } from './fleet.js';
import { PROCESS_HEADER } from './load-balancer.js';
import { type ServerProcess } from './server-process.js';
import { until } from './waiting.js';

const QUIET_WITHIN_MS = 5_000;
const PROFILE = '{ zoomProfile { id } }';
const START = `mutation { startZoomAuthorization(input: { returnTo: "${FRONTEND}/" }) { authorizationUrl } }`;

/** How a cluster differs from the usual one. */
export interface ClusterOptions extends FleetOptions {
  sandbox?: SandboxOptions;
  /** Default: a fresh database on the run's server. */
  home?: TestDatabase;
}

/**
 * Several server processes on one database and one sandbox, behind one address. Each process reaches the database
 * through a proxy of its own.
 */
export class Cluster {
  readonly #users = new Set<string>();
  /** Whether a process has been killed: then the metrics of the rest need not add up to the trail. */
  #counted = true;

  private constructor(
    private readonly fleet: Fleet,
    readonly sandbox: Sandbox,
    readonly database: Database,
    private readonly home: TestDatabase,
    private readonly cipher: TokenCipher,
    private readonly options: ClusterOptions,
  ) {}

  /** Starts `size` processes. */
  static async start(size: number, options: ClusterOptions = {}): Promise<Cluster> {
    const { home = testDatabase() } = options;
    const key = randomBytes(32);
    const cipher = new TokenCipher([{ kid: 'test', key: new Uint8Array(key) }]);
    const sandbox = await startSandbox(options.sandbox);
    const encryptionKeys = `test:${key.toString('base64')}`;
    const fleet = new Fleet({ ...options, mongodbUri: home.uri, sandboxUrl: sandbox.url, encryptionKeys });
    const cluster = new Cluster(fleet, sandbox, await openDatabase(home.uri), home, cipher, options);
    sandbox.control.updateApp({ redirectUris: [await fleet.open()] });
    await fleet.start(size);
    return cluster;
  }

  get processes(): ServerProcess[] {
    return this.fleet.processes;
  }

  /** The way of each process to the database. */
  get proxies(): DatabaseProxy[] {
    return this.fleet.proxies;
  }

  /** Starts a further process in the place of one that has ended. */
  async restart(process: number): Promise<void> {
    this.#counted = false;
    await this.fleet.restart(process);
  }

  /** Ends a process as an orchestrator does: no new requests, then SIGTERM; answers the exit code. */
  terminate(process: number): Promise<number | null> | undefined {
    return this.fleet.terminate(process);
  }

  /** Takes all trouble away: what a test has done to the sandbox and to the way to the database. */
  calm(): void {
    const { rotation = 'strict', tokenLatencyMs = 0 } = this.options.sandbox ?? {};
    this.sandbox.control.clearFaults();
    this.sandbox.control.configure({ rotation, tokenLatencyMs });
    for (const proxy of this.proxies) {
      proxy.interfere(undefined);
      proxy.release();
      proxy.setReachable(true);
    }
  }

  /** Runs an operation as a user at a process; undefined: at the one that the balancer picks. */
  async ask(
    process: number | undefined,
    userId: string,
    query: string,
    { browser, signal }: { browser?: Browser; signal?: AbortSignal } = {},
  ): Promise<GraphQLAnswer> {
    const send = browser?.fetch.bind(browser) ?? fetch;
    const direct = process !== undefined && !browser;
    const response = await send(`${direct ? this.fleet.urlOf(process) : this.fleet.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await tokenFor(() => new Date(), userId)}`,
        ...(process !== undefined && { [PROCESS_HEADER]: String(process) }),
      },
      body: JSON.stringify({ query }),
      signal: signal ?? null,
    });
    return (await response.json()) as GraphQLAnswer;
  }

  /** Asks a process for the user's Zoom profile. */
  profile(process: number | undefined, userId: string): Promise<GraphQLAnswer> {
    return this.ask(process, userId, PROFILE);
  }

  /** So many callers at once who ask for the user's Zoom profile, spread evenly over the processes. */
  crowd(callers: number, userId: string): Promise<GraphQLAnswer[]> {
    const size = this.processes.length;
    return Promise.all(Array.from({ length: callers }, (_, index) => this.profile(index % size, userId)));
  }

  /** How many grants of a Zoom user are alive at the sandbox. */
  grantsAlive(zoomUserId: string): number {
    return this.sandbox.control.grants().filter((grant) => grant.alive && grant.zoomUserId === zoomUserId)
      .length;
  }

  /** Asks a process for the user's connection. */
  async connection(
    process: number,
    userId: string,
  ): Promise<{ status: string; reason: string | null; nextAction: string }> {
    const { data } = await this.ask(process, userId, '{ zoomConnection { status reason nextAction } }');
    return data.zoomConnection;
  }

  /**
   * Starts at a process and consents as a Zoom user; answers what takes the browser through the callback, at any
   * process, to the address where it ends.
   */
  async consent(
    userId: string,
    zoomUserId: string,
    process = this.fleet.living(),
  ): Promise<(process: number) => Promise<string | null>> {
    this.#users.add(userId);
    const browser = new Browser();
    const { data } = await this.ask(process, userId, START, { browser });
    const url = data.startZoomAuthorization.authorizationUrl as string;
    const callback = await consentAt(browser, url, { zoomUserId });
    return async (at) => {
      const answer = await browser.fetch(callback, { headers: { [PROCESS_HEADER]: String(at) } });
      return answer.headers.get('location');
    };
  }

  /** Connects a Zoom user, a fresh one unless one is given, through the first process that lives; answers its id. */
  async connect(userId: string, zoomUserId = this.sandbox.control.addUser().id): Promise<string> {
    const callback = await this.consent(userId, zoomUserId);
    const location = await callback(this.fleet.living());
    if (!location?.includes('zoom=connected')) throw new Error(`not connected: ${location}`);
    return zoomUserId;
  }

  /** Connects a fresh user whose access token has expired, and forgets what the sandbox has counted. */
  async expiredUser(userId: string): Promise<string> {
    await this.connect(userId);
    await this.expire(userId);
    this.sandbox.control.resetCounters();
    return userId;
  }

  /** Makes the stored access token look expired, on every clock. */
  async expire(userId: string): Promise<void> {
    const zoomAccessTokenExpiry = new Date(Date.now() - 3_600_000);
    await this.database.models.grants.updateOne({ userId }, { $set: { zoomAccessTokenExpiry } });
  }

  /** What the database holds for a user, and what the sandbox thinks of it. */
  booksOf(userId: string): Promise<Books> {
    return readBooks({ models: this.database.models, cipher: this.cipher, sandbox: this.sandbox }, userId);
  }

  /** Waits until one further refresh has settled contested tokens. */
  async contestSettled(userId: string): Promise<void> {
    await until(async () => (await this.booksOf(userId)).events.includes('access_token.refreshed CONTESTED'));
  }

  /**
   * Where the books of all users disagree: the sandbox's, the database's, what callers are told, audit and metrics.
   * Waits a little for what is still being written.
   */
  async contradictions(expectations: Expectations = {}): Promise<string[]> {
    if (this.processes.some((process) => !process.alive())) this.#counted = false;
    const view = {
      ...{ models: this.database.models, cipher: this.cipher, sandbox: this.sandbox },
      ...{ urls: this.processes.filter((process) => process.alive()).map(({ url }) => url) },
      ...{ users: expectations.users ?? [...this.#users] },
      ...{ counted: this.#counted && !expectations.acknowledgementsLost },
      statusOf: (url: string, userId: string) =>
        this.connection(
          this.processes.findIndex((process) => process.url === url),
          userId,
        ),
    };
    for (const deadline = Date.now() + QUIET_WITHIN_MS; ; await sleep(100)) {
      const found = await findContradictions(view, expectations);
      if (found.length === 0 || Date.now() > deadline) return found;
    }
  }

  async close(): Promise<void> {
    await this.fleet.close();
    await this.database.close();
    await this.sandbox.close();
    await this.home.drop();
  }
}
