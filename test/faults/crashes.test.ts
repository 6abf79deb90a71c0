import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../support/cluster.js';
import { isAuditEvent, isLease, isRotation } from '../support/database-proxy.js';
import { someUser } from '../support/harness.js';
import { freshCluster } from '../support/shared-cluster.js';
import { until } from '../support/waiting.js';

let cluster: Cluster;
freshCluster(async () => (cluster = await Cluster.start(2)));

/** A user with an expired token whose refresh the first process has begun. */
async function refreshingUser(): Promise<{ userId: string; held: Promise<unknown> }> {
  const userId = someUser();
  await cluster.connect(userId);
  await cluster.expire(userId);
  cluster.sandbox.control.resetCounters();
  const held = cluster.profile(0, userId).catch(() => undefined);
  return { userId, held };
}

test('killed before sending: another process refreshes, nothing is lost', async () => {
  cluster.proxies[0]?.interfere((command) => (isLease(command) ? 'hold_answer' : undefined));
  const { userId } = await refreshingUser();
  await until(() => cluster.proxies[0]?.interferences === 1);
  await cluster.processes[0]?.kill();
  expect(cluster.sandbox.control.counters().tokenRequests.refreshToken).toBe(0);
  const answer = await cluster.profile(1, userId);
  expect(answer.errors).toBeUndefined();
  expect(cluster.sandbox.control.counters().maxRedemptionsOfOneRefreshToken).toBe(1);
  expect(await cluster.booksOf(userId)).toMatchObject({ isActive: true, refreshTokenLive: true });
}, 60_000);

test('killed after Zoom rotated, strict: lost, and labelled ROTATION_LOST everywhere', async () => {
  cluster.sandbox.control.injectFault({ target: 'refresh', kind: 'delay', ms: 20_000, hold: 'answer' });
  const { userId } = await refreshingUser();
  await until(() => cluster.sandbox.control.counters().refreshes.granted === 1);
  await cluster.processes[0]?.kill();
  const answer = await cluster.profile(1, userId);
  expect(answer.errors?.[0]?.extensions).toMatchObject({
    code: 'ZOOM_REAUTHORIZATION_REQUIRED',
    reason: 'ROTATION_LOST',
  });
  expect(await cluster.connection(1, userId)).toEqual({
    status: 'REAUTHORIZATION_REQUIRED',
    reason: 'ROTATION_LOST',
    nextAction: 'RECONNECT',
  });
  const books = await cluster.booksOf(userId);
  expect(books).toMatchObject({ isActive: false, reason: 'ROTATION_LOST', refreshTokenLive: undefined });
  expect(books.events).toContain('grant.ended ROTATION_LOST');
  const metrics = await (await fetch(`${cluster.processes[1]?.url}/metrics`)).text();
  expect(metrics).toMatch(/zoom_grant_events_total\{type="grant\.ended",cause="ROTATION_LOST"\} 1/);
}, 60_000);

test('killed after Zoom rotated, grace: another process refreshes, nothing is lost', async () => {
  cluster.sandbox.control.setRotation('grace');
  cluster.sandbox.control.injectFault({ target: 'refresh', kind: 'delay', ms: 20_000, hold: 'answer' });
  const { userId } = await refreshingUser();
  await until(() => cluster.sandbox.control.counters().refreshes.granted === 1);
  await cluster.processes[0]?.kill();
  const answer = await cluster.profile(1, userId);
  expect(answer.errors).toBeUndefined();
  expect(await cluster.booksOf(userId)).toMatchObject({ isActive: true, refreshTokenLive: true });
}, 60_000);

test('killed after the write: everyone adopts what was written', async () => {
  cluster.proxies[0]?.interfere((command) => (isRotation(command) ? 'hold_answer' : undefined));
  const { userId } = await refreshingUser();
  await until(() => cluster.proxies[0]?.interferences === 1);
  await cluster.processes[0]?.kill();
  const answer = await cluster.profile(1, userId);
  expect(answer.errors).toBeUndefined();
  expect(cluster.sandbox.control.counters().tokenRequests.refreshToken).toBe(1);
  expect(await cluster.booksOf(userId)).toMatchObject({
    isActive: true,
    refreshTokenLive: true,
    accessTokenLive: true,
  });
}, 60_000);

test('killed between the write and its audit event: the next change brings the event into the trail, once', async () => {
  const userId = await cluster.expiredUser(someUser());
  cluster.proxies[0]?.interfere((command) => (isAuditEvent(command) ? 'swallow' : undefined));
  // A trail that does not answer holds nobody up.
  expect((await cluster.profile(0, userId)).errors).toBeUndefined();
  expect(cluster.proxies[0]?.interferences).toBe(1);
  await cluster.processes[0]?.kill();
  expect((await cluster.booksOf(userId)).events).toEqual(['authorization.started', 'grant.authorized']);
  await cluster.ask(1, userId, 'mutation { refreshZoomToken { connection { status } } }');
  expect((await cluster.booksOf(userId)).events).toEqual([
    'authorization.started',
    'grant.authorized',
    'access_token.refreshed EXPIRY',
    'access_token.refreshed USER_REQUEST',
  ]);
}, 60_000);

test('a holder that stands still beyond its lease and then wakes up changes nothing for the worse', async () => {
  cluster.sandbox.control.setRotation('grace');
  cluster.sandbox.control.injectFault({ target: 'refresh', kind: 'delay', ms: 500, hold: 'answer' });
  const { userId, held } = await refreshingUser();
  await until(() => cluster.sandbox.control.counters().refreshes.granted === 1);
  cluster.processes[0]?.pause();
  const answer = await cluster.profile(1, userId);
  expect(answer.errors).toBeUndefined();
  cluster.processes[0]?.resume();
  await held;
  await cluster.contestSettled(userId);
  expect(await cluster.booksOf(userId)).toMatchObject({ isActive: true, refreshTokenLive: true });
  expect((await cluster.profile(0, userId)).errors).toBeUndefined();
}, 60_000);

test('SIGTERM under load cuts nothing off: every refresh that was sent is stored', async () => {
  const users = Array.from({ length: 20 }, someUser);
  for (const userId of users) {
    await cluster.connect(userId);
    await cluster.expire(userId);
  }
  cluster.sandbox.control.configure({ tokenLatencyMs: 1_500 });
  cluster.sandbox.control.resetCounters();
  const calls = users.map((userId) => cluster.profile(0, userId));
  // All have left: a request that still waits to be read is for the load balancer to keep away.
  await until(() => cluster.sandbox.control.counters().tokenRequests.refreshToken === users.length);
  const code = await cluster.processes[0]?.terminate();
  expect(code).toBe(0);
  expect((await Promise.all(calls)).flatMap(({ errors = [] }) => errors)).toEqual([]);
  for (const userId of users) {
    expect((await cluster.profile(1, userId)).errors).toBeUndefined();
    expect(await cluster.booksOf(userId)).toMatchObject({ isActive: true, refreshTokenLive: true });
  }
  expect(cluster.sandbox.control.counters().refreshes).toEqual({ granted: 20, rejected: 0 });
}, 60_000);

test('neither callers who hang up nor SIGTERM stop a refresh that was sent', async () => {
  cluster.sandbox.control.injectFault({ target: 'refresh', kind: 'delay', ms: 2_000, hold: 'answer' });
  const userId = someUser();
  await cluster.connect(userId);
  await cluster.expire(userId);
  cluster.sandbox.control.resetCounters();
  const caller = new AbortController();
  const { signal } = caller;
  const call = cluster.ask(0, userId, '{ zoomProfile { id } }', { signal }).catch(() => 'cut');
  await until(() => cluster.sandbox.control.counters().refreshes.granted === 1);
  caller.abort();
  expect(await call).toBe('cut');
  expect(await cluster.processes[0]?.terminate()).toBe(0);
  expect(await cluster.booksOf(userId)).toMatchObject({
    isActive: true,
    refreshTokenLive: true,
    accessTokenLive: true,
  });
  expect(cluster.sandbox.control.counters().refreshes).toEqual({ granted: 1, rejected: 0 });
}, 60_000);

test('a holder that stands still before it sends, beyond its lease: it lets its successor refresh, strict and grace', async () => {
  for (const rotation of ['strict', 'grace'] as const) {
    cluster.sandbox.control.setRotation(rotation);
    // Its lease is granted, and the answer reaches it when the lease is over.
    cluster.proxies[0]?.interfere((command) => (isLease(command) ? 'hold_answer' : undefined));
    const { userId, held } = await refreshingUser();
    await until(() => cluster.proxies[0]?.interferences === 1);
    expect((await cluster.profile(1, userId)).errors).toBeUndefined();
    cluster.proxies[0]?.interfere(undefined);
    cluster.proxies[0]?.release();
    expect(await held).toMatchObject({ data: { zoomProfile: { id: expect.any(String) as string } } });
    expect(cluster.sandbox.control.counters().tokenRequests.refreshToken).toBe(1);
    // Only the newest refresh token outlives the grace.
    await cluster.sandbox.control.advanceClock(300_000);
    expect(await cluster.booksOf(userId)).toMatchObject({ isActive: true, refreshTokenLive: true });
    if (cluster.proxies[0]) cluster.proxies[0].interferences = 0;
  }
}, 60_000);

/** The first process goes on: its caller is served, and after one refresh more the stored tokens are Zoom's last. */
async function expectSettled(userId: string, held: Promise<unknown>): Promise<void> {
  const { control } = cluster.sandbox;
  cluster.processes[0]?.resume();
  expect(await held).toMatchObject({ data: { zoomProfile: { id: expect.any(String) as string } } });
  await cluster.contestSettled(userId);
  expect(control.counters().refreshes).toEqual({ granted: 3, rejected: 0 });
  // Only the newest refresh token outlives the grace.
  await control.advanceClock(300_000);
  expect(await cluster.booksOf(userId)).toMatchObject({ isActive: true, refreshTokenLive: true });
}

test('a request that reaches Zoom after that of a successor, in grace: the tokens that are stored in the end are the last ones', async () => {
  const { control } = cluster.sandbox;
  control.setRotation('grace');
  control.injectFault({ target: 'refresh', kind: 'delay', ms: 60_000, hold: 'work' });
  const { userId, held } = await refreshingUser();
  await until(() => control.counters().tokenRequests.refreshToken === 1);
  cluster.processes[0]?.pause();
  expect((await cluster.profile(1, userId)).errors).toBeUndefined();
  control.clearFaults();
  await until(() => control.counters().refreshes.granted === 2);
  await expectSettled(userId, held);
}, 60_000);

test('a holder that stands still with the answer while its successor dies with a later one, in grace: it refreshes once more', async () => {
  const { control } = cluster.sandbox;
  control.setRotation('grace');
  control.injectFault({ target: 'refresh', kind: 'delay', ms: 60_000, hold: 'answer' });
  const { userId, held } = await refreshingUser();
  await until(() => control.counters().refreshes.granted === 1);
  cluster.processes[0]?.pause();
  cluster.proxies[1]?.interfere((command) => (isRotation(command) ? 'swallow' : undefined));
  const successor = cluster.profile(1, userId).catch(() => undefined);
  await until(() => cluster.proxies[1]?.interferences === 1);
  await cluster.processes[1]?.kill();
  await successor;
  control.clearFaults();
  await expectSettled(userId, held);
}, 60_000);

test('SIGTERM while the database refuses the tokens: the process ends once they are stored', async () => {
  cluster.proxies[0]?.interfere((command) => (isRotation(command) ? 'refuse' : undefined));
  const { userId, held } = await refreshingUser();
  // Served from memory.
  await held;
  const ended = cluster.processes[0]?.terminate();
  await sleep(1_000);
  expect(cluster.processes[0]?.alive()).toBe(true);
  cluster.proxies[0]?.interfere(undefined);
  expect(await ended).toBe(0);
  expect(await cluster.booksOf(userId)).toMatchObject({ isActive: true, refreshTokenLive: true });
}, 60_000);
