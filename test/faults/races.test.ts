import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../support/cluster.js';
import { type GraphQLAnswer, someUser } from '../support/harness.js';
import { until } from '../support/waiting.js';
import { shareCluster } from '../support/shared-cluster.js';

const REVOKE = 'mutation { revokeZoom { connection { status } } }';
const REFRESH = 'mutation { refreshZoomToken { connection { status } } }';
const CONNECTED = { status: 'CONNECTED', reason: null, nextAction: 'NONE' };
const SUPERSEDED = { status: 'REAUTHORIZATION_REQUIRED', reason: 'SUPERSEDED', nextAction: 'RECONNECT' };

/** Where Zoom is kept while something else happens: before it rotates, or with its answer on the way. */
const MOMENTS = [
  ['work', 'strict'],
  ['work', 'grace'],
  ['answer', 'strict'],
  ['answer', 'grace'],
] as const;

let cluster: Cluster;
shareCluster(async () => (cluster = await Cluster.start(2)));

/** A connected user whose refresh the first process has sent; it goes on once the faults are cleared. */
async function refreshingUser(hold: 'work' | 'answer', rotation: 'strict' | 'grace') {
  const userId = someUser();
  const zoomUserId = await cluster.connect(userId);
  await cluster.expire(userId);
  const { control } = cluster.sandbox;
  control.resetCounters();
  control.setRotation(rotation);
  control.injectFault({ target: 'refresh', kind: 'delay', ms: 60_000, hold });
  const refresh = cluster.profile(0, userId);
  await until(() => {
    const { tokenRequests, refreshes } = control.counters();
    return hold === 'work' ? tokenRequests.refreshToken === 1 : refreshes.granted === 1;
  });
  return { userId, zoomUserId, refresh };
}

async function expectWorking(userId: string, zoomUserId: string): Promise<void> {
  for (const process of [0, 1]) {
    expect((await cluster.profile(process, userId)).data?.zoomProfile?.id).toBe(zoomUserId);
    expect(await cluster.connection(process, userId)).toEqual(CONNECTED);
  }
  expect(cluster.grantsAlive(zoomUserId)).toBe(1);
}

const extensionsOf = ({ errors }: GraphQLAnswer) => errors?.[0]?.extensions;
const served = (answer: GraphQLAnswer) => expect(answer.errors).toBeUndefined();

describe.each(MOMENTS)(
  'during a refresh at another process (held back: %s, %s rotation)',
  (hold, rotation) => {
    test('a disconnect wins: REVOKED, and no token of the user is left alive at Zoom', async () => {
      const { userId, zoomUserId, refresh } = await refreshingUser(hold, rotation);
      const { data } = await cluster.ask(1, userId, REVOKE);
      expect(data.revokeZoom.connection.status).toBe('REVOKED');
      cluster.sandbox.control.clearFaults();
      expect(extensionsOf(await refresh)).toMatchObject({ code: 'ZOOM_NOT_CONNECTED' });
      await until(() => cluster.grantsAlive(zoomUserId) === 0);
      for (const process of [0, 1])
        expect(await cluster.connection(process, userId)).toMatchObject({
          status: 'REVOKED',
          reason: 'REVOKED_BY_USER',
        });
    });

    test('a reconnect wins: its tokens are stored, and the caller of the refresh is served with them', async () => {
      const { userId, zoomUserId, refresh } = await refreshingUser(hold, rotation);
      const callback = await cluster.consent(userId, zoomUserId, 1);
      expect(await callback(1)).toContain('zoom=connected');
      cluster.sandbox.control.clearFaults();
      served(await refresh);
      await expectWorking(userId, zoomUserId);
      const { events, ...books } = await cluster.booksOf(userId);
      expect(books).toMatchObject({ isActive: true, refreshTokenLive: true, accessTokenLive: true });
      expect(events.filter((event) => event.startsWith('access_token.refreshed'))).toEqual([]);
    });

    test('a second user takes the Zoom user: the first is SUPERSEDED, the second works', async () => {
      const { userId: first, zoomUserId, refresh } = await refreshingUser(hold, rotation);
      const second = someUser();
      expect(await (await cluster.consent(second, zoomUserId, 1))(1)).toContain('zoom=connected');
      cluster.sandbox.control.clearFaults();
      expect(extensionsOf(await refresh)).toMatchObject({
        code: 'ZOOM_REAUTHORIZATION_REQUIRED',
        reason: 'SUPERSEDED',
      });
      for (const process of [0, 1]) expect(await cluster.connection(process, first)).toEqual(SUPERSEDED);
      expect((await cluster.booksOf(first)).events).toContain('grant.superseded SUPERSEDED');
      await expectWorking(second, zoomUserId);
    });
  },
);

describe('two users whose callbacks for one Zoom user reach two processes', () => {
  test.each(['last', 'first'] as const)(
    'the first to redeem stores %s: the second, whom Zoom knows, is CONNECTED; the first is SUPERSEDED',
    async (order) => {
      const [first, second] = [someUser(), someUser()];
      const zoomUserId = cluster.sandbox.control.addUser().id;
      const [firstCallback, secondCallback] = [
        await cluster.consent(first, zoomUserId, 1),
        await cluster.consent(second, zoomUserId, 0),
      ];
      const { control } = cluster.sandbox;
      control.resetCounters();
      if (order === 'last')
        // The answer to "whose token is this" is on the way while the second user redeems and stores.
        control.injectFault({ target: 'api', kind: 'delay', ms: 60_000, hold: 'answer' });
      const slow = firstCallback(0);
      if (order === 'last') await until(() => control.counters().apiRequests === 1);
      else await slow;
      expect(await secondCallback(1)).toContain('zoom=connected');
      control.clearFaults();
      await slow;
      for (const process of [0, 1]) expect(await cluster.connection(process, first)).toEqual(SUPERSEDED);
      await expectWorking(second, zoomUserId);
    },
  );
});

test('6 users connect one Zoom user at once over the processes: exactly one is CONNECTED, and that one works', async () => {
  for (let round = 0; round < 3; round++) {
    const users = Array.from({ length: 6 }, someUser);
    const zoomUserId = cluster.sandbox.control.addUser().id;
    const callbacks = await Promise.all(users.map((userId, i) => cluster.consent(userId, zoomUserId, i % 2)));
    await Promise.all(callbacks.map((callback, i) => callback((i + round) % 2)));
    const told = await Promise.all(users.map((userId) => cluster.connection(round % 2, userId)));
    const winners = users.filter((_, i) => told[i]?.status === 'CONNECTED');
    expect(winners).toHaveLength(1);
    await expectWorking(winners[0]!, zoomUserId);
    expect(told.filter(({ status }) => status !== 'CONNECTED')).toEqual(Array(5).fill(SUPERSEDED));
  }
});

test('a disconnect, a refresh and a reconnect of one user at once: what the user is told afterwards holds at Zoom', async () => {
  const { models } = cluster.database;
  for (let round = 0; round < 5; round++) {
    cluster.sandbox.control.configure({ tokenLatencyMs: 30 * round });
    const userId = someUser();
    const zoomUserId = await cluster.connect(userId);
    const callback = await cluster.consent(userId, zoomUserId, 0);
    await Promise.all([
      sleep(40 * (round % 3)).then(() => cluster.ask(0, userId, REVOKE)),
      cluster.ask(1, userId, REFRESH),
      sleep(40 * (round % 2)).then(() => callback(1)),
    ]);
    await until(async () => (await models.pendingRevocations.countDocuments({ userId })) === 0);
    const { status } = await cluster.connection(0, userId);
    if (status === 'CONNECTED') await expectWorking(userId, zoomUserId);
    else {
      expect(status).toBe('REVOKED');
      expect(cluster.grantsAlive(zoomUserId)).toBe(0);
    }
  }
});
