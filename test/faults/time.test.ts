import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { SYSTEM_INITIATOR } from '../../src/audit/audit-log.js';
import { type Server, startServer } from '../../src/app/server.js';
import { Cluster } from '../support/cluster.js';
import { freePort, type Harness, someUser, startHarness } from '../support/harness.js';

const HOUR = 3_600_000;

let harness: Harness;
const others: Server[] = [];
beforeEach(async () => {
  harness = await startHarness({ sandbox: { tokenLatencyMs: 100 } });
});
afterEach(async () => {
  await Promise.all(others.splice(0).map((server) => server.close()));
  await harness.close();
});

/** A further instance on the same database whose clock is `skewMs` off. */
async function instance(skewMs: number): Promise<Server> {
  const http = { ...harness.config.http, port: await freePort() };
  const clock = () => new Date(harness.clock().getTime() + skewMs);
  const server = await startServer({ ...harness.config, http }, { logger: harness.log.logger, clock });
  others.push(server);
  return server;
}

const accessTokenOf = (server: Server, userId: string) =>
  server.services.tokens.get(userId, { initiator: SYSTEM_INITIATOR });
/** What the callers were given, every one of them. */
async function served(calls: ReturnType<typeof accessTokenOf>[]) {
  const answers = await Promise.allSettled(calls);
  expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
  return Promise.all(calls);
}
const isLive = async (userId: string) => {
  const token = await accessTokenOf(harness.server, userId);
  return harness.sandbox.control.isAccessTokenLive(token.value.reveal());
};

test('instances whose clocks are a minute apart in both directions refresh once', async () => {
  const servers = [harness.server, await instance(60_000), await instance(-60_000)];
  for (let round = 0; round < 3; round++) {
    const userId = someUser();
    await harness.connect(userId);
    await harness.advance(2 * HOUR);
    harness.sandbox.control.resetCounters();
    await served(Array.from({ length: 30 }, (_, index) => accessTokenOf(servers[index % 3]!, userId)));
    expect(harness.sandbox.control.counters().tokenRequests.refreshToken).toBe(1);
    expect(await isLive(userId)).toBe(true);
  }
});

test('an instance that is a minute ahead does not take the lease of a slow holder', async () => {
  const ahead = await instance(60_000);
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(2 * HOUR);
  harness.sandbox.control.injectFault({ target: 'refresh', kind: 'delay', ms: 1_500, hold: 'answer' });
  const slow = accessTokenOf(harness.server, userId);
  await sleep(300);
  const [first, second] = await served([slow, accessTokenOf(ahead, userId)]);
  expect(second?.version).toBe(first?.version);
  expect(harness.sandbox.control.counters().tokenRequests.refreshToken).toBe(1);
});

test('a token endpoint slower than the lease: the holder keeps the lease, everyone gets its token, one redemption', async () => {
  const other = await instance(0);
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(2 * HOUR);
  const latency = 3 * harness.config.timing.refreshLeaseTtlMs;
  const patient = await startServer(
    {
      ...harness.config,
      http: { ...harness.config.http, port: await freePort() },
      timing: { ...harness.config.timing, tokenTimeoutMs: 2 * latency },
    },
    { logger: harness.log.logger, clock: harness.clock },
  );
  others.push(patient);
  harness.sandbox.control.injectFault({ target: 'refresh', kind: 'delay', ms: latency, hold: 'answer' });
  const slow = accessTokenOf(patient, userId);
  await sleep(200);
  const [first, second] = await served([slow, accessTokenOf(other, userId)]);
  expect(second?.version).toBe(first?.version);
  expect(harness.sandbox.control.counters()).toMatchObject({
    tokenRequests: { refreshToken: 1 },
    maxPresentationsOfOneRefreshToken: 1,
  });
  expect(await isLive(userId)).toBe(true);
}, 40_000);

test('an answer later than the token timeout, strict: the work that Zoom did is lost, and labelled', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(2 * HOUR);
  const ms = harness.config.timing.tokenTimeoutMs + 2_000;
  harness.sandbox.control.injectFault({ target: 'refresh', kind: 'delay', ms, hold: 'answer' });
  await expect(accessTokenOf(harness.server, userId)).rejects.toMatchObject({
    code: 'ZOOM_REAUTHORIZATION_REQUIRED',
    details: { reason: 'ROTATION_LOST' },
  });
});

test('a key removed from the ring too early: nothing is sent, nothing is lost, and it heals when the key is back', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(2 * HOUR);
  harness.sandbox.control.resetCounters();
  const http = { ...harness.config.http, port: await freePort() };
  const encryptionKeys: typeof harness.config.encryptionKeys = [{ kid: 'another', key: new Uint8Array(32) }];
  const keyless = await startServer(
    { ...harness.config, http, encryptionKeys },
    { logger: harness.log.logger, clock: harness.clock },
  );
  others.push(keyless);
  await expect(accessTokenOf(keyless, userId)).rejects.toThrow('UNKNOWN_KEY');
  expect(harness.sandbox.control.requests()).toEqual([]);
  // No attempt in doubt: a later refusal would be blamed on it.
  const row = await harness.database.models.grants.findOne({ userId }).lean();
  expect(row).not.toHaveProperty('refreshLease');
  expect(row).not.toHaveProperty('unsettledAttempt');
  expect(await isLive(userId)).toBe(true);
});

describe('processes whose clocks are a minute apart in both directions', () => {
  const SKEWS_MS = [0, 60_000, -60_000];
  const PRELOAD = pathToFileURL(join(import.meta.dirname, '../support/skewed-clock.mjs')).href;
  const START = 'mutation { startZoomAuthorization { expiresAt } }';
  const REQUEST_LIFETIME_MS = 600_000;

  let cluster: Cluster;
  beforeAll(async () => {
    const nodeArguments = (process: number) => ['--import', `${PRELOAD}?ms=${SKEWS_MS[process]}`];
    cluster = await Cluster.start(3, { sandbox: { tokenLatencyMs: 100 }, nodeArguments });
  }, 60_000);
  afterAll(() => cluster.close());

  test('have these clocks', async () => {
    for (const [process, skew] of SKEWS_MS.entries()) {
      const { data } = await cluster.ask(process, someUser(), START);
      const clock = Date.parse(data.startZoomAuthorization.expiresAt as string) - REQUEST_LIFETIME_MS;
      expect(Math.abs(clock - Date.now() - skew)).toBeLessThan(20_000);
    }
  });

  test.each(['strict', 'grace'] as const)(
    '60 callers on an expired token, %s: one token request, nobody fails',
    async (rotation) => {
      cluster.sandbox.control.setRotation(rotation);
      for (let round = 0; round < 3; round++) {
        const userId = await cluster.expiredUser(someUser());
        const answers = await cluster.crowd(60, userId);
        expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
        expect(cluster.sandbox.control.counters().tokenRequests.refreshToken).toBe(1);
        expect(await cluster.booksOf(userId)).toMatchObject({
          refreshTokenLive: true,
          accessTokenLive: true,
        });
      }
      expect(await cluster.contradictions()).toEqual([]);
    },
  );
});
