import { Cluster } from '../support/cluster.js';
import { isAuditEvent, isAuthorization } from '../support/database-proxy.js';
import { someUser } from '../support/harness.js';
import { until } from '../support/waiting.js';
import { shareCluster } from '../support/shared-cluster.js';

const CONNECTED = { status: 'CONNECTED', reason: null, nextAction: 'NONE' };
const NOT_CONNECTED = { status: 'NOT_CONNECTED', reason: null, nextAction: 'CONNECT' };

let cluster: Cluster;
afterEach(async () => {
  cluster.calm();
  if (!cluster.processes[0]?.alive()) await cluster.restart(0);
});
shareCluster(async () => (cluster = await Cluster.start(2)));

const exchanges = () => cluster.sandbox.control.counters().tokenRequests.authorizationCode;

async function expectWorking(userId: string, zoomUserId: string): Promise<void> {
  for (const process of [0, 1]) {
    expect(await cluster.connection(process, userId)).toEqual(CONNECTED);
    expect((await cluster.profile(process, userId)).data?.zoomProfile?.id).toBe(zoomUserId);
  }
  expect(cluster.grantsAlive(zoomUserId)).toBe(1);
}

const authorizations = async (userId: string) =>
  (await cluster.booksOf(userId)).events.filter((event) => event === 'grant.authorized').length;

/** A fresh user who has consented as a fresh Zoom user. */
async function consented() {
  const userId = someUser();
  const zoomUserId = cluster.sandbox.control.addUser().id;
  const callback = await cluster.consent(userId, zoomUserId, 0);
  cluster.sandbox.control.resetCounters();
  return { userId, zoomUserId, callback };
}

test('a callback may reach another process than the start', async () => {
  const { userId, zoomUserId, callback } = await consented();
  expect(await callback(1)).toContain('zoom=connected');
  await expectWorking(userId, zoomUserId);
});

test('a callback doubled at both processes at once is one exchange and one connection', async () => {
  for (let round = 0; round < 5; round++) {
    const { userId, zoomUserId, callback } = await consented();
    const locations = await Promise.all([callback(0), callback(1), callback(0), callback(1)]);
    expect(locations.filter((location) => location?.includes('zoom=connected'))).toHaveLength(1);
    expect(locations.filter((location) => location?.includes('reason=state_unknown'))).toHaveLength(3);
    expect(exchanges()).toBe(1);
    expect(await authorizations(userId)).toBe(1);
    await expectWorking(userId, zoomUserId);
  }
});

/** Has the first process's database refuse new grants for so long from the first attempt on, and at least that one. */
function refuseAuthorizations(ms: number): { refused: number } {
  const seen = { refused: 0 };
  let end = Infinity;
  cluster.proxies[0]?.interfere((command) => {
    if (!isAuthorization(command) || (seen.refused > 0 && Date.now() >= end)) return undefined;
    if (seen.refused++ === 0) end = Date.now() + ms;
    return 'refuse';
  });
  return seen;
}

describe.each([
  ['once', 0],
  ['for 3 s', 3_000],
])('the database refuses the new grant %s: stored in the end, with one exchange', (_howLong, ms) => {
  test('of a fresh user', async () => {
    const { userId, zoomUserId, callback } = await consented();
    const seen = refuseAuthorizations(ms);
    expect(await callback(0)).toContain('zoom=connected');
    expect(seen.refused).toBeGreaterThan(0);
    expect(exchanges()).toBe(1);
    expect(await authorizations(userId)).toBe(1);
    await expectWorking(userId, zoomUserId);
  });

  test('of a connected user, who is never told that the connection is gone', async () => {
    const userId = someUser();
    const zoomUserId = await cluster.connect(userId);
    const callback = await cluster.consent(userId, zoomUserId, 1);
    const seen = refuseAuthorizations(ms);
    const landing = callback(0);
    await until(() => seen.refused > 0);
    expect(await cluster.connection(1, userId)).toEqual(CONNECTED);
    expect(await landing).toContain('zoom=connected');
    expect(await authorizations(userId)).toBe(2);
    await expectWorking(userId, zoomUserId);
  });
});

test('a call at another process waits for the tokens of a reconnect that are not stored yet', async () => {
  const userId = someUser();
  const zoomUserId = await cluster.connect(userId);
  const callback = await cluster.consent(userId, zoomUserId, 1);
  const seen = refuseAuthorizations(1_000);
  const landing = callback(0);
  await until(() => seen.refused > 0);
  expect((await cluster.profile(1, userId)).errors).toBeUndefined();
  expect(await landing).toContain('zoom=connected');
  await expectWorking(userId, zoomUserId);
});

describe('a process is killed', () => {
  /** Kills the first process after Zoom has redeemed the code of a callback, before the answer. */
  async function killAfterRedemption(
    callback: (process: number) => Promise<unknown>,
    redeemed: () => boolean,
  ): Promise<void> {
    cluster.sandbox.control.injectFault({ target: 'exchange', kind: 'delay', ms: 60_000, hold: 'answer' });
    const landing = callback(0).catch(() => undefined);
    await until(redeemed);
    await cluster.processes[0]?.kill();
    await landing;
    cluster.sandbox.control.clearFaults();
  }

  test('after the code was redeemed: a fresh user is NOT_CONNECTED and can connect again', async () => {
    const { userId, zoomUserId, callback } = await consented();
    await killAfterRedemption(callback, () => cluster.grantsAlive(zoomUserId) === 1);
    expect(await cluster.connection(1, userId)).toEqual(NOT_CONNECTED);
    await cluster.restart(0);
    await cluster.connect(userId, zoomUserId);
    await expectWorking(userId, zoomUserId);
  });

  test('after the code was redeemed, strict: a user who was connected is told ROTATION_LOST', async () => {
    const userId = someUser();
    const zoomUserId = await cluster.connect(userId);
    const callback = await cluster.consent(userId, zoomUserId, 1);
    await killAfterRedemption(
      callback,
      () => cluster.sandbox.control.grants().filter((grant) => grant.zoomUserId === zoomUserId).length === 2,
    );
    expect((await cluster.profile(1, userId)).errors?.[0]?.extensions).toEqual({
      code: 'ZOOM_REAUTHORIZATION_REQUIRED',
      reason: 'ROTATION_LOST',
    });
    expect((await cluster.booksOf(userId)).events).toContain('grant.ended ROTATION_LOST');
    await cluster.restart(0);
    await cluster.connect(userId, zoomUserId);
    await expectWorking(userId, zoomUserId);
  });

  test('between the change and its audit event: the trail has it after the next change, once', async () => {
    const { userId, callback } = await consented();
    let swallowed = false;
    cluster.proxies[0]?.interfere((command) =>
      isAuditEvent(command) ? ((swallowed = true), 'swallow') : undefined,
    );
    const landing = callback(0).catch(() => undefined);
    await until(() => swallowed);
    await cluster.processes[0]?.kill();
    await landing;
    expect(await cluster.booksOf(userId)).toMatchObject({ isActive: true, refreshTokenLive: true });
    expect(await authorizations(userId)).toBe(0);
    await cluster.expire(userId);
    expect((await cluster.profile(1, userId)).errors).toBeUndefined();
    const { events } = await cluster.booksOf(userId);
    expect(events).toEqual(['authorization.started', 'grant.authorized', 'access_token.refreshed EXPIRY']);
  });
});
