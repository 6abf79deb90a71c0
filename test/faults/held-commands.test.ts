import { Cluster } from '../support/cluster.js';
import {
  isAuditEvent,
  isEnd,
  isHolderWrite,
  isReauthorization,
  isRenewal,
  isRotation,
  type Rule,
} from '../support/database-proxy.js';
import { type GraphQLAnswer, someUser } from '../support/harness.js';
import { until } from '../support/waiting.js';

let cluster: Cluster;
beforeEach(async () => {
  const env = { SHUTDOWN_TIMEOUT_MS: '5000', ZOOM_TOKEN_TIMEOUT_MS: '4000' };
  cluster = await Cluster.start(2, { env });
}, 60_000);
afterEach(async () => {
  const contradictions = await cluster.contradictions().finally(() => cluster.close());
  expect(contradictions).toEqual([]);
});

const refuseHolder: Rule = (command) => (isHolderWrite(command) ? 'refuse' : undefined);
const holdEnd: Rule = (command) => (isEnd(command) ? 'hold' : undefined);
const statusOf = (userId: string) => cluster.connection(1, userId);
const grantsAlive = () => cluster.sandbox.control.grants().filter(({ alive }) => alive);

async function expiredUser(): Promise<{ userId: string; zoomUserId: string }> {
  const userId = someUser();
  const zoomUserId = await cluster.connect(userId);
  await cluster.expire(userId);
  return { userId, zoomUserId };
}

test('tokens written just before another process gives the grant up are kept', async () => {
  const { userId } = await expiredUser();
  cluster.proxies[0]?.interfere(refuseHolder);
  cluster.proxies[1]?.interfere(holdEnd);
  const calls = [cluster.profile(0, userId), cluster.profile(1, userId)];
  await until(() => cluster.proxies[1]?.interferences === 1, 20_000);
  cluster.proxies[0]?.interfere(undefined);
  await until(async () => (await cluster.booksOf(userId)).refreshTokenLive === true);
  cluster.proxies[1]?.release();
  expect((await Promise.all(calls)).flatMap(({ errors = [] }) => errors)).toEqual([]);
  // The first cannot know that Zoom has refused the second, so it refreshes once more.
  await cluster.contestSettled(userId);
  expect(await cluster.booksOf(userId)).toMatchObject({ isActive: true, refreshTokenLive: true });
}, 60_000);

test('a holder that fails after it has lost its lease does not give back that of the next one', async () => {
  cluster.sandbox.control.setRotation('grace');
  const { userId } = await expiredUser();
  cluster.sandbox.control.resetCounters();
  cluster.proxies[0]?.interfere((command) => (isRenewal(command) ? 'refuse' : undefined));
  cluster.sandbox.control.injectFault({ target: 'refresh', kind: 'hang' });
  cluster.sandbox.control.injectFault({ target: 'refresh', kind: 'delay', ms: 3_500, hold: 'answer' });
  const first = cluster.profile(0, userId);
  await until(() => cluster.sandbox.control.counters().refreshes.granted === 1);
  const answers = await Promise.all([first, cluster.profile(1, userId)]);
  expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
  // The first cannot know whether Zoom has answered it last, so it refreshes once more.
  await cluster.contestSettled(userId);
  expect(cluster.sandbox.control.counters().tokenRequests.refreshToken).toBe(3);
}, 60_000);

test('a refused attempt that has lost its lease leaves the end to its successor, who knows of both', async () => {
  const { userId } = await expiredUser();
  cluster.sandbox.control.resetCounters();
  cluster.proxies[0]?.interfere((command) => (isRenewal(command) ? 'refuse' : undefined));
  cluster.proxies[1]?.interfere((command) => (isRotation(command) ? 'swallow' : undefined));
  cluster.sandbox.control.injectFault({ target: 'refresh', kind: 'delay', ms: 3_800, hold: 'work' });
  const first = cluster.profile(0, userId);
  await until(() => cluster.sandbox.control.counters().tokenRequests.refreshToken === 1);
  const second = cluster.profile(1, userId).catch(() => undefined);
  // The second has taken the lease over, has been given tokens by Zoom, and dies with them.
  await until(() => cluster.proxies[1]?.interferences === 1);
  await cluster.processes[1]?.kill();
  await second;
  cluster.proxies[0]?.interfere(undefined);
  expect((await first).errors?.[0]?.extensions).toMatchObject({ reason: 'ROTATION_LOST' });
  expect((await cluster.booksOf(userId)).events).toContain('grant.ended ROTATION_LOST');
}, 60_000);

test('a late write of a grant that another user has taken over since is dropped', async () => {
  const { userId, zoomUserId } = await expiredUser();
  cluster.proxies[0]?.interfere(refuseHolder);
  await cluster.profile(0, userId);
  const answer = await cluster.profile(1, userId);
  expect(answer.errors?.[0]?.extensions).toMatchObject({ reason: 'ROTATION_LOST' });
  const heir = someUser();
  cluster.proxies[0]?.interfere((command) => (isRotation(command) ? 'refuse' : undefined));
  await cluster.connect(heir, zoomUserId);
  cluster.proxies[0]?.interfere(undefined);
  // The shutdown waits for writes that have not landed.
  expect(await cluster.processes[0]?.terminate()).toBe(0);
  expect(await statusOf(heir)).toMatchObject({ status: 'CONNECTED' });
  expect(await statusOf(userId)).toMatchObject({ reason: 'ROTATION_LOST' });
}, 60_000);

/** A disconnect at the second process that is on its way to the row. */
async function heldDisconnect(userId: string): Promise<{ disconnect: Promise<GraphQLAnswer> }> {
  cluster.proxies[1]?.interfere(holdEnd);
  const disconnect = cluster.ask(1, userId, 'mutation { revokeZoom { connection { status } } }');
  await until(() => cluster.proxies[1]?.interferences === 1);
  cluster.proxies[1]?.interfere(undefined);
  return { disconnect };
}

test('a disconnect that meets a refresh comes after it in the trail', async () => {
  const { userId } = await expiredUser();
  const { disconnect } = await heldDisconnect(userId);
  expect((await cluster.profile(0, userId)).errors).toBeUndefined();
  cluster.proxies[1]?.release();
  expect((await disconnect).data.revokeZoom.connection.status).toBe('REVOKED');
  await until(() => grantsAlive().length === 0);
  expect((await cluster.booksOf(userId)).events.slice(2, 4)).toEqual([
    'access_token.refreshed EXPIRY',
    'grant.revoked REVOKED_BY_USER',
  ]);
}, 60_000);

test('a disconnect that meets what a dying process has left in the row takes it into the trail first', async () => {
  const { userId } = await expiredUser();
  const { disconnect } = await heldDisconnect(userId);
  cluster.sandbox.control.injectFault({ target: 'refresh', kind: 'status', status: 503 });
  cluster.proxies[0]?.interfere((command) => (isAuditEvent(command) ? 'swallow' : undefined));
  const call = cluster.profile(0, userId).catch(() => undefined);
  await until(() => cluster.proxies[0]?.interferences === 1);
  await cluster.processes[0]?.kill();
  await call;
  cluster.proxies[1]?.release();
  expect((await disconnect).data.revokeZoom.connection.status).toBe('REVOKED');
  expect((await cluster.booksOf(userId)).events.slice(2, 4)).toEqual([
    'refresh.failed ZOOM_UNAVAILABLE',
    'grant.revoked REVOKED_BY_USER',
  ]);
}, 60_000);

test('a disconnect that meets a reconnect revokes both grants at Zoom', async () => {
  const userId = someUser();
  await cluster.connect(userId);
  cluster.proxies[1]?.interfere(holdEnd);
  const disconnect = cluster.ask(1, userId, 'mutation { revokeZoom { connection { status } } }');
  await until(() => cluster.proxies[1]?.interferences === 1);
  await cluster.connect(userId);
  cluster.proxies[1]?.interfere(undefined);
  cluster.proxies[1]?.release();
  expect((await disconnect).data.revokeZoom.connection.status).toBe('REVOKED');
  await until(() => grantsAlive().length === 0);
}, 60_000);

test('a takeover that meets a reconnect of the former user leaves the one whom Zoom knows', async () => {
  const [former, heir] = [someUser(), someUser()];
  const zoomUserId = await cluster.connect(former);
  cluster.proxies[0]?.interfere(holdEnd);
  const takeover = cluster.connect(heir, zoomUserId).catch(() => undefined);
  await until(() => cluster.proxies[0]?.interferences === 1);
  cluster.proxies[0]?.interfere(undefined);
  await cluster.connect(former, zoomUserId);
  cluster.proxies[0]?.release();
  await takeover;
  expect(await statusOf(former)).toMatchObject({ status: 'CONNECTED' });
  expect(await statusOf(heir)).toMatchObject({ reason: 'SUPERSEDED' });
  expect((await cluster.profile(1, former)).data.zoomProfile.id).toBe(zoomUserId);
}, 60_000);

test('one user in two tabs: tokens that Zoom has killed do not replace those of the other tab', async () => {
  const userId = someUser();
  const zoomUserId = await cluster.connect(userId);
  cluster.proxies[0]?.interfere((command) => (isReauthorization(command) ? 'hold' : undefined));
  const firstTab = cluster.connect(userId, zoomUserId);
  await until(() => cluster.proxies[0]?.interferences === 1);
  cluster.proxies[0]?.interfere(undefined);
  await cluster.connect(userId, zoomUserId);
  cluster.proxies[0]?.release();
  expect(await firstTab).toBe(zoomUserId);
  expect(await cluster.booksOf(userId)).toMatchObject({ accessTokenLive: true, refreshTokenLive: true });
}, 60_000);
