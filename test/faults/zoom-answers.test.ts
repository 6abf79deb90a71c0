import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../support/cluster.js';
import { isLease } from '../support/database-proxy.js';
import { type GraphQLAnswer, someUser } from '../support/harness.js';
import { until } from '../support/waiting.js';
import { shareCluster } from '../support/shared-cluster.js';

type Fault = Omit<Parameters<Cluster['sandbox']['control']['injectFault']>[0], 'target'>;

const CALLERS = 20;
const FIRST_BACKOFF_MS = 500;
const LEASE_TTL_MS = 2_000;

let cluster: Cluster;
shareCluster(
  async () => (cluster = await Cluster.start(2, { env: { REFRESH_LEASE_TTL_MS: String(LEASE_TTL_MS) } })),
);

const tokenRequests = () => cluster.sandbox.control.counters().tokenRequests.refreshToken;
const injectIntoRefresh = (fault: Fault) =>
  cluster.sandbox.control.injectFault({ target: 'refresh', ...fault });
const extensionsOf = (answers: GraphQLAnswer[]) =>
  answers.map(({ errors }) => errors?.[0]?.extensions ?? 'served');
const inMs = (ms: number) => new Date(Date.now() + ms);

describe('the answer is lost after Zoom has rotated', () => {
  test('strict: every caller at every process is told ROTATION_LOST, after one further request', async () => {
    const userId = await cluster.expiredUser(someUser());
    injectIntoRefresh({ kind: 'drop_answer' });
    const answers = await cluster.crowd(CALLERS, userId);
    const told = { code: 'ZOOM_REAUTHORIZATION_REQUIRED', reason: 'ROTATION_LOST' };
    expect(extensionsOf(answers)).toEqual(Array(CALLERS).fill(told));
    expect(cluster.sandbox.control.counters().refreshes).toEqual({ granted: 1, rejected: 1 });
    expect((await cluster.booksOf(userId)).events).toContain('grant.ended ROTATION_LOST');
  });

  test('grace: every caller at every process is served, after one further request', async () => {
    cluster.sandbox.control.setRotation('grace');
    const userId = await cluster.expiredUser(someUser());
    injectIntoRefresh({ kind: 'drop_answer' });
    expect(extensionsOf(await cluster.crowd(CALLERS, userId))).toEqual(Array(CALLERS).fill('served'));
    expect(cluster.sandbox.control.counters().refreshes).toEqual({ granted: 2, rejected: 0 });
    expect(await cluster.booksOf(userId)).toMatchObject({ refreshTokenLive: true, accessTokenLive: true });
  });
});

test.each<[string, () => Fault]>([
  ['a 503', () => ({ kind: 'status', status: 503 })],
  ['an HTML 502', () => ({ kind: 'html' })],
  ['a reset', () => ({ kind: 'reset' })],
  ['a 429 without Retry-After', () => ({ kind: 'rate_limited' })],
  ['a 429 with seconds', () => ({ kind: 'rate_limited', retryAfter: '1' })],
  ['a 429 with an ISO date', () => ({ kind: 'rate_limited', retryAfter: inMs(1_000).toISOString() })],
  ['a 429 with an HTTP date', () => ({ kind: 'rate_limited', retryAfter: inMs(2_000).toUTCString() })],
])('%s once: nobody fails, and Zoom gets one request more', async (_answer, fault) => {
  const userId = await cluster.expiredUser(someUser());
  injectIntoRefresh(fault());
  expect(extensionsOf(await cluster.crowd(CALLERS, userId))).toEqual(Array(CALLERS).fill('served'));
  expect(tokenRequests()).toBe(2);
  expect(cluster.sandbox.control.counters().refreshes).toEqual({ granted: 1, rejected: 0 });
  expect(await cluster.booksOf(userId)).toMatchObject({ refreshTokenLive: true, accessTokenLive: true });
});

/** How many requests `nextAttemptAt` allows in `ms`: pauses of half a second, doubling, less half by jitter. */
function allowedIn(ms: number): number {
  return 1 + Math.floor(Math.log2(1 + ms / (FIRST_BACKOFF_MS / 2)));
}

/** A hundred callers who ask again and again for so long; answers what the last of each was told. */
function keepAsking(userId: string, ms: number): Promise<GraphQLAnswer[]> {
  const end = Date.now() + ms;
  return Promise.all(
    Array.from({ length: 100 }, async (_, caller) => {
      let answer = await cluster.profile(caller % 2, userId);
      for (; Date.now() < end; answer = await cluster.profile(caller % 2, userId)) await sleep(300);
      return answer;
    }),
  );
}

test.each<[string, Fault[], string]>([
  ['503s', [{ kind: 'status', status: 503 }], 'ZOOM_UNAVAILABLE'],
  ['HTML 502s and resets', [{ kind: 'html' }, { kind: 'reset' }], 'ZOOM_UNAVAILABLE'],
  ['429s', [{ kind: 'rate_limited' }], 'ZOOM_RATE_LIMITED'],
])(
  '%s that last: however many callers come, Zoom gets no more than the backoff allows; it heals by itself',
  async (_answer, faults, code) => {
    const userId = await cluster.expiredUser(someUser());
    for (let times = 0; times < 100; times++) faults.forEach(injectIntoRefresh);
    const began = Date.now();
    const answers = await keepAsking(userId, 3_000);
    const allowed = allowedIn(Date.now() - began);
    expect(extensionsOf(answers)).toEqual(Array(100).fill({ code, retryAt: expect.any(String) as string }));
    expect(tokenRequests()).toBeGreaterThan(1);
    expect(tokenRequests()).toBeLessThanOrEqual(allowed);
    for (const process of [0, 1])
      expect(await cluster.connection(process, userId)).toEqual({
        status: 'CONNECTED',
        reason: null,
        nextAction: 'WAIT',
      });
    cluster.sandbox.control.clearFaults();
    await until(async () => (await cluster.profile(0, userId)).errors === undefined, 20_000);
    expect((await cluster.profile(1, userId)).errors).toBeUndefined();
    expect(await cluster.booksOf(userId)).toMatchObject({ refreshTokenLive: true, accessTokenLive: true });
  },
);

test('a 429 with a far Retry-After: Zoom gets no request before it, then one', async () => {
  const userId = await cluster.expiredUser(someUser());
  const retryAt = inMs(8_000);
  injectIntoRefresh({ kind: 'rate_limited', retryAfter: retryAt.toISOString() });
  const answers = await keepAsking(userId, 2_000);
  const told = { code: 'ZOOM_RATE_LIMITED', retryAt: retryAt.toISOString() };
  expect(tokenRequests()).toBe(1);
  expect(extensionsOf(answers)).toEqual(Array(100).fill(told));
  await until(async () => (await cluster.profile(1, userId)).errors === undefined, 20_000);
  expect(Date.now()).toBeGreaterThanOrEqual(retryAt.getTime());
  expect(tokenRequests()).toBe(2);
});

test('a process that was about to refresh when another met a 429 sends nothing before Retry-After', async () => {
  const userId = await cluster.expiredUser(someUser());
  let isHeld = false;
  cluster.proxies[1]?.interfere((command) =>
    !isHeld && isLease(command) ? ((isHeld = true), 'hold') : undefined,
  );
  const late = cluster.profile(1, userId);
  await until(() => isHeld);
  injectIntoRefresh({ kind: 'rate_limited', retryAfter: '60' });
  const told = { code: 'ZOOM_RATE_LIMITED', retryAt: expect.any(String) as string };
  expect(extensionsOf([await cluster.profile(0, userId)])).toEqual([told]);
  cluster.proxies[1]?.release();
  expect(extensionsOf([await late])).toEqual([told]);
  expect(tokenRequests()).toBe(1);
});

test('an answer slower than the lease: its holder keeps the lease, every caller waits for its token, one request', async () => {
  const userId = await cluster.expiredUser(someUser());
  injectIntoRefresh({ kind: 'delay', ms: 2.5 * LEASE_TTL_MS, hold: 'answer' });
  expect(extensionsOf(await cluster.crowd(CALLERS, userId))).toEqual(Array(CALLERS).fill('served'));
  expect(cluster.sandbox.control.counters()).toMatchObject({
    tokenRequests: { refreshToken: 1 },
    maxPresentationsOfOneRefreshToken: 1,
  });
  expect(await cluster.booksOf(userId)).toMatchObject({ refreshTokenLive: true, accessTokenLive: true });
});
