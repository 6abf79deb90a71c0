import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../support/cluster.js';
import { grantWrite, isHolderWrite, isRotation } from '../support/database-proxy.js';
import { someUser } from '../support/harness.js';
import { isAtRest } from '../support/process-metrics.js';
import { freshCluster } from '../support/shared-cluster.js';
import { until } from '../support/waiting.js';

const LONG_OUTAGE_MS = process.env['FAULTS'] === 'full' ? 30_000 : 10_000;

let cluster: Cluster;
freshCluster(async () => (cluster = await Cluster.start(2)));

async function expiredUser(): Promise<string> {
  const userId = someUser();
  await cluster.connect(userId);
  await cluster.expire(userId);
  cluster.sandbox.control.resetCounters();
  return userId;
}

test('the database refuses the write once: written again, nobody notices', async () => {
  const userId = await expiredUser();
  let refused = false;
  cluster.proxies[0]?.interfere((command) => {
    if (refused || !isRotation(command)) return undefined;
    refused = true;
    return 'refuse';
  });
  expect((await cluster.profile(0, userId)).errors).toBeUndefined();
  expect(refused).toBe(true);
  expect(cluster.sandbox.control.counters().tokenRequests.refreshToken).toBe(1);
  expect(await cluster.booksOf(userId)).toMatchObject({ isActive: true, refreshTokenLive: true });
}, 60_000);

test('the connection is cut between the write and its acknowledgement: the write is recognised as its own', async () => {
  const userId = await expiredUser();
  let cut = false;
  cluster.proxies[0]?.interfere((command) =>
    !cut && isRotation(command) ? ((cut = true), 'hold_answer') : undefined,
  );
  const call = cluster.profile(0, userId);
  await until(() => cut);
  cluster.proxies[0]?.setReachable(false);
  cluster.proxies[0]?.setReachable(true);
  expect((await call).errors).toBeUndefined();
  // Taken for overtaken it would be followed by a further refresh.
  await until(() => isAtRest(cluster.processes));
  const books = await cluster.booksOf(userId);
  expect(books).toMatchObject({ isActive: true, refreshTokenLive: true });
  expect(books.events.filter((event) => event === 'access_token.refreshed EXPIRY')).toHaveLength(1);
  expect(cluster.sandbox.control.counters().tokenRequests.refreshToken).toBe(1);
}, 60_000);

test('the database refuses writes for a long time: callers are served from memory, the tokens land in the end', async () => {
  const userId = await expiredUser();
  cluster.proxies[0]?.interfere((command) => (isRotation(command) ? 'refuse' : undefined));
  const began = Date.now();
  expect((await cluster.profile(0, userId)).errors).toBeUndefined();
  expect((await cluster.profile(0, userId)).errors).toBeUndefined();
  await sleep(LONG_OUTAGE_MS - (Date.now() - began));
  expect((await cluster.booksOf(userId)).refreshTokenLive).toBe(false);
  cluster.proxies[0]?.interfere(undefined);
  await until(async () => (await cluster.booksOf(userId)).refreshTokenLive === true);
  expect(await cluster.booksOf(userId)).toMatchObject({ isActive: true, accessTokenLive: true });
  expect(cluster.sandbox.control.counters().maxRedemptionsOfOneRefreshToken).toBe(1);
  expect((await cluster.profile(1, userId)).errors).toBeUndefined();
}, 90_000);

test('the holder cannot write its tokens but keeps its lease: no other process asks Zoom', async () => {
  const userId = await expiredUser();
  cluster.proxies[0]?.interfere((command) => (isRotation(command) ? 'refuse' : undefined));
  await cluster.profile(0, userId);
  const waiting = cluster.profile(1, userId);
  await sleep(6_000);
  cluster.proxies[0]?.interfere(undefined);
  expect((await waiting).errors).toBeUndefined();
  expect(cluster.sandbox.control.counters().tokenRequests.refreshToken).toBe(1);
}, 90_000);

test('the holder cannot write, another process takes over, strict: a write that comes late is waited for', async () => {
  const userId = await expiredUser();
  cluster.proxies[0]?.interfere((command) => (isHolderWrite(command) ? 'refuse' : undefined));
  const calls = [cluster.profile(0, userId), cluster.profile(1, userId)];
  await until(() => cluster.sandbox.control.counters().refreshes.rejected === 1);
  cluster.proxies[0]?.interfere(undefined);
  expect((await Promise.all(calls)).flatMap(({ errors = [] }) => errors)).toEqual([]);
  await cluster.contestSettled(userId);
  const books = await cluster.booksOf(userId);
  expect(books).toMatchObject({ isActive: true, refreshTokenLive: true });
  expect(books.events).not.toContain('grant.ended ROTATION_LOST');
}, 60_000);

test('a write that comes late, of tokens that the user has removed at Zoom: their end is not called our loss', async () => {
  const userId = await expiredUser();
  const zoomUserId = cluster.sandbox.control.grants()[0]?.zoomUserId ?? '';
  cluster.proxies[0]?.interfere((command) => (isHolderWrite(command) ? 'refuse' : undefined));
  const calls = [cluster.profile(0, userId), cluster.profile(1, userId)];
  await until(() => cluster.sandbox.control.counters().refreshes.rejected === 1);
  await cluster.sandbox.control.uninstall(zoomUserId);
  cluster.proxies[0]?.interfere(undefined);
  await Promise.all(calls);
  await until(async () => !(await cluster.booksOf(userId)).isActive);
  expect(await cluster.booksOf(userId)).toMatchObject({ reason: 'REFRESH_TOKEN_REJECTED' });
}, 60_000);

test('the holder cannot write, another process takes over, strict: the late write heals what looked lost', async () => {
  const userId = await expiredUser();
  cluster.proxies[0]?.interfere((command) => (isHolderWrite(command) ? 'refuse' : undefined));
  await cluster.profile(0, userId);
  // The other process sees the lease run out, asks Zoom, is refused, waits for a late write, and gives up.
  const answer = await cluster.profile(1, userId);
  expect(answer.errors?.[0]?.extensions).toMatchObject({ reason: 'ROTATION_LOST' });
  cluster.proxies[0]?.interfere(undefined);
  // The first cannot know that Zoom has refused the second, so it refreshes once more.
  await cluster.contestSettled(userId);
  expect(await cluster.booksOf(userId)).toMatchObject({ refreshTokenLive: true, reason: undefined });
  expect(await cluster.connection(1, userId)).toMatchObject({ status: 'CONNECTED', reason: null });
  expect((await cluster.profile(1, userId)).errors).toBeUndefined();
}, 90_000);

test('the holder cannot write, another process takes over, grace: the newer answer of Zoom wins', async () => {
  cluster.sandbox.control.setRotation('grace');
  const userId = await expiredUser();
  cluster.proxies[0]?.interfere((command) => (isHolderWrite(command) ? 'refuse' : undefined));
  await cluster.profile(0, userId);
  expect((await cluster.profile(1, userId)).errors).toBeUndefined();
  cluster.proxies[0]?.interfere(undefined);
  await cluster.contestSettled(userId);
  const { events } = await cluster.booksOf(userId);
  // Of the two that Zoom has answered only the newer one has ever been stored.
  expect(events.filter((event) => event === 'access_token.refreshed EXPIRY')).toHaveLength(1);
  // Grace is over: only the newest refresh token lives on.
  await cluster.sandbox.control.advanceClock(300_000);
  expect(await cluster.booksOf(userId)).toMatchObject({ isActive: true, refreshTokenLive: true });
}, 90_000);

test('the database refuses to note a failed refresh for a second: the refresh is tried again, and callers are served', async () => {
  const userId = await expiredUser();
  cluster.sandbox.control.injectFault({ target: 'refresh', kind: 'status', status: 503 });
  cluster.proxies[0]?.interfere((command) => (isHolderWrite(command) ? 'refuse' : undefined));
  const calls = Array.from({ length: 10 }, () => cluster.profile(0, userId));
  await until(() => (cluster.proxies[0]?.interferences ?? 0) > 2);
  cluster.proxies[0]?.interfere(undefined);
  expect((await Promise.all(calls)).flatMap(({ errors = [] }) => errors)).toEqual([]);
  expect((await cluster.booksOf(userId)).events).toContain('refresh.failed ZOOM_UNAVAILABLE');
}, 60_000);

test('the database goes away and comes back: nothing hangs, nothing is lost', async () => {
  const userId = await expiredUser();
  for (const proxy of cluster.proxies) proxy.setReachable(false);
  const began = Date.now();
  const [refused, ready] = await Promise.all([
    cluster.profile(0, userId),
    fetch(`${cluster.processes[0]?.url}/readyz`),
  ]);
  expect(refused.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  expect(ready.status).toBe(503);
  expect(Date.now() - began).toBeLessThan(15_000);
  for (const proxy of cluster.proxies) proxy.setReachable(true);
  await until(async () => (await cluster.profile(0, userId)).errors === undefined, 20_000);
  expect(await cluster.booksOf(userId)).toMatchObject({ isActive: true, refreshTokenLive: true });
}, 90_000);

test('no write to the grants succeeds at all: no refresh token is spent', async () => {
  const userId = await expiredUser();
  for (const proxy of cluster.proxies) proxy.interfere(grantWrite);
  expect((await cluster.profile(0, userId)).errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  expect(cluster.sandbox.control.counters().tokenRequests.refreshToken).toBe(0);
  for (const proxy of cluster.proxies) proxy.interfere(undefined);
  expect((await cluster.profile(0, userId)).errors).toBeUndefined();
}, 60_000);

test('the database refuses a new grant for a while: stored in the end, the user is connected', async () => {
  let refusals = 0;
  cluster.proxies[0]?.interfere((command) =>
    refusals < 3 && grantWrite(command) ? (refusals++, 'refuse') : undefined,
  );
  const userId = someUser();
  await expect(cluster.connect(userId)).resolves.toEqual(expect.any(String));
  expect(refusals).toBe(3);
  expect(await cluster.booksOf(userId)).toMatchObject({ isActive: true, refreshTokenLive: true });
}, 60_000);
