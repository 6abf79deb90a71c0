import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { CALLBACK_PATH } from '../../src/http/callback-route.js';
import { encryptionKey } from '../support/encryption-key.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { freePort, tokenFor } from '../support/harness.js';
import { type Nginx, NGINX, startNginx } from '../support/nginx.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

const RESTARTS = 6;
/** Callers who ask one request after the other, with a pause. */
const STEADY_CALLERS = 6;
const PAUSE_MS = 40;
/** Requests at once, every second: so nginx keeps connections that are idle most of the time. */
const BURST = 16;
/** As in production. */
const SHUTDOWN_DELAY_MS = 5_000;
const TEST_MS = 300_000;

let database: TestDatabase;
let ports: number[];
let servers: ServerProcess[];
let nginx: Nginx;

const start = (port: number) =>
  startServerProcess({
    port,
    mongodbUri: database.uri,
    sandboxUrl: 'http://127.0.0.1:9',
    redirectUri: `http://localhost${CALLBACK_PATH}`,
    encryptionKeys: encryptionKey('k1'),
    env: { SHUTDOWN_DELAY_MS: String(SHUTDOWN_DELAY_MS), LOG_LEVEL: 'warn', TRUST_PROXY: '127.0.0.1' },
  });

beforeAll(async () => {
  if (!NGINX) return;
  database = testDatabase();
  ports = [await freePort(), await freePort()];
  servers = await Promise.all(ports.map(start));
  nginx = await startNginx(ports);
}, TEST_MS);

afterAll(async () => {
  if (!NGINX) return;
  await nginx.close();
  await Promise.all(servers.map((server) => server.kill()));
  await database.drop();
});

/** Sends queries by POST, which proxies do not repeat, and remembers every answer that is not the right one. */
class Callers {
  readonly failures: string[] = [];
  answered = 0;
  #isOver = false;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(private readonly token: string) {}

  /** Runs until `end` is called. */
  async run(): Promise<void> {
    await Promise.all([...Array.from({ length: STEADY_CALLERS }, () => this.#steadily()), this.#inBursts()]);
    this.#agent.destroy();
  }

  end(): void {
    this.#isOver = true;
  }

  async #steadily(): Promise<void> {
    for (; !this.#isOver; await sleep(PAUSE_MS)) await this.#ask();
  }

  async #inBursts(): Promise<void> {
    for (; !this.#isOver; await sleep(1_000))
      await Promise.all(Array.from({ length: BURST }, () => this.#ask()));
  }

  async #ask(): Promise<void> {
    const answer = await this.#post('{"query":"{ zoomConnection { status } }"}').catch(String);
    if (answer === '200 {"data":{"zoomConnection":{"status":"NOT_CONNECTED"}}}') this.answered += 1;
    else this.failures.push(answer);
  }

  async #post(body: string): Promise<string> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.token}` };
    const sent = request(`${nginx.url}/graphql`, { method: 'POST', headers, agent: this.#agent });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    return `${answer.statusCode} ${text.trim()}`;
  }
}

(NGINX ? test : test.skip)(
  `a rolling restart behind nginx loses no request${NGINX ? '' : ' (skipped: nginx is not installed)'}`,
  async () => {
    const callers = new Callers(await tokenFor(() => new Date(), 'user-1'));
    const load = callers.run();
    const answeredDuringRestart: number[] = [];
    for (let restart = 0; restart < RESTARTS; restart++) {
      const before = callers.answered;
      const index = restart % servers.length;
      expect(await servers[index]!.terminate()).toBe(0);
      servers[index] = await start(ports[index]!);
      await sleep(500);
      answeredDuringRestart.push(callers.answered - before);
    }
    callers.end();
    await load;
    expect({ failures: callers.failures, errors: nginx.errors().replace(/^.*\(111: .*\n/gm, '') }).toEqual({
      failures: [],
      errors: '',
    });
    expect(Math.min(...answeredDuringRestart)).toBeGreaterThan(100);
  },
  TEST_MS,
);
