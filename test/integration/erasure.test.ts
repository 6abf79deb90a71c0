import { Secret } from '../../src/lib/secret.js';
import { SANDBOX_WEBHOOK_SECRET_TOKEN } from '../../src/dev/sandbox/sandbox.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

const MINUTE = 60_000;
const REVOKE = 'mutation { revokeZoom { revokedAtZoom } }';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness({ webhookSecretTokens: [new Secret(SANDBOX_WEBHOOK_SECRET_TOKEN)] });
  harness.sandbox.control.updateApp({ published: false, webhookUrl: `${harness.url}/api/zoom/webhook` });
});
afterEach(() => harness.close());

const rowOf = (userId: string) => harness.database.models.grants.findOne({ userId }).lean();
const trailOf = (userId: string) =>
  harness.database.models.auditEvents.find({ userId }).sort({ occurredAt: 1 }).lean();
const zoomUserNamed = (id: string) => harness.sandbox.control.users().find((user) => user.id === id);

/** Zoom says that a user has removed the app, some time ago. */
async function remove(zoomUserId: string, agoMs = 0): Promise<void> {
  const deliveries = await harness.sandbox.control.sendWebhook({
    event: 'app_deauthorized',
    payload: {
      user_id: zoomUserId,
      client_id: harness.config.zoom.clientId,
      deauthorization_time: new Date(harness.clock().getTime() - agoMs).toISOString(),
    },
  });
  expect(deliveries.map(({ attempts }) => attempts.at(-1)?.status)).toEqual([200]);
}

/** What the database still knows of a Zoom user: Zoom's ids, email, and from where the users in question came. */
async function knownOf(zoomUserId: string, ...userIds: string[]): Promise<string[]> {
  const user = zoomUserNamed(zoomUserId);
  const rows = await Promise.all(userIds.map(rowOf));
  const events = (await Promise.all(userIds.map(trailOf))).flat();
  const texts = [zoomUserId, user?.email, 'ipAddress', 'userAgent', 'zoomTrackingId'];
  const stored = JSON.stringify([rows, events]);
  return texts.filter((text) => text !== undefined && stored.includes(text)) as string[];
}

async function connected(zoomUserId?: string) {
  const userId = someUser();
  const { zoomUserId: id } = await harness.connect(userId, zoomUserId === undefined ? {} : { zoomUserId });
  await harness.graphql(userId, '{ zoomProfile { id } }');
  return { userId, zoomUserId: id };
}

describe('a user who removes the app at Zoom', () => {
  test.each<[string, (userId: string, zoomUserId: string) => Promise<unknown>]>([
    ['is connected', () => Promise.resolve()],
    ['has disconnected here before', (userId) => harness.graphql(userId, REVOKE)],
    [
      'has disconnected here, and Zoom could not be told',
      (userId) => {
        harness.sandbox.control.injectFault({ target: 'revoke', kind: 'status', status: 503 });
        return harness.graphql(userId, REVOKE);
      },
    ],
    [
      'was refused before',
      async (userId, zoomUserId) => {
        await harness.sandbox.control.uninstall(zoomUserId);
        await harness.graphql(userId, '{ zoomProfile { id } }');
      },
    ],
    [
      'was refused and has disconnected since',
      async (userId, zoomUserId) => {
        await harness.sandbox.control.uninstall(zoomUserId);
        await harness.graphql(userId, '{ zoomProfile { id } }');
        await harness.graphql(userId, REVOKE);
      },
    ],
  ])('who %s is erased, and the trail still says what happened', async (_how, before) => {
    const { userId, zoomUserId } = await connected();
    await harness.advance(10 * MINUTE);
    await before(userId, zoomUserId);
    const told = (await trailOf(userId)).map(({ _id, type, occurredAt }) => [_id, type, occurredAt]);
    expect(await knownOf(zoomUserId, userId)).toContain(zoomUserId);
    await remove(zoomUserId);
    expect(await knownOf(zoomUserId, userId)).toEqual([]);
    const tellsNow = (await trailOf(userId)).map(({ _id, type, occurredAt }) => [_id, type, occurredAt]);
    expect(tellsNow.slice(0, told.length)).toEqual(told);
  });

  test('is erased from the rows and trails of everybody who has connected that Zoom account', async () => {
    const first = await connected();
    const second = await connected(first.zoomUserId);
    await harness.advance(10 * MINUTE);
    await remove(first.zoomUserId);
    expect(await knownOf(first.zoomUserId, first.userId, second.userId)).toEqual([]);
  });

  test('is erased from the trail of a user who has connected another Zoom account since, which stays', async () => {
    const { userId, zoomUserId } = await connected();
    await harness.advance(10 * MINUTE);
    const { zoomUserId: other } = await harness.connect(userId);
    await harness.advance(10 * MINUTE);
    await remove(zoomUserId);
    const events = await trailOf(userId);
    expect(JSON.stringify(events)).not.toContain(zoomUserId);
    expect(events.filter((event) => event.zoomUserId === other)).toMatchObject([
      { type: 'grant.authorized', deviceInfo: { ipAddress: '127.0.0.1' } },
    ]);
    expect(await rowOf(userId)).toMatchObject({
      isActive: true,
      zoomUserId: other,
      zoomEmail: zoomUserNamed(other)?.email,
      deviceInfo: { ipAddress: '127.0.0.1' },
    });
  });

  test.each([
    ['long before', 60 * MINUTE],
    ['just before', 0],
  ])('%s the consent that holds now: what came with that consent stays', async (_when, agoMs) => {
    const { userId, zoomUserId } = await connected();
    await harness.advance(2 * 60 * MINUTE);
    await harness.graphql(userId, REVOKE);
    await harness.connect(userId, { zoomUserId });
    await remove(zoomUserId, agoMs);
    const row = await rowOf(userId);
    expect(row).toMatchObject({ isActive: true, zoomUserId, zoomEmail: zoomUserNamed(zoomUserId)?.email });
    const consents = (await trailOf(userId)).filter(({ type }) => type === 'grant.authorized');
    expect(consents.map((event) => event.zoomUserId)).toEqual([undefined, zoomUserId]);
    expect(consents[1]?.deviceInfo).toBeDefined();
  });

  test('keeps what is of the platform: the meetings that it hosts, and that they were deleted', async () => {
    const { userId, zoomUserId } = await connected();
    const { auditEvents } = harness.database.models;
    const event = await auditEvents.findOne({ userId, type: 'grant.authorized' }).lean();
    await auditEvents.insertMany(
      ['USER', 'APP', 'GOOGLE_MEET'].map((cause) => {
        const deletion = { type: 'meeting.deleted' as const, meetingId: `meeting of ${cause}`, cause };
        return Object.assign({}, event, deletion, { _id: `${userId} ${cause}`, occurredAt: harness.clock() });
      }),
    );
    await harness.advance(10 * MINUTE);
    await remove(zoomUserId);
    const deletions = (await trailOf(userId)).filter(({ type }) => type === 'meeting.deleted');
    expect(deletions.map(({ cause, meetingId }) => [cause, meetingId]).sort()).toEqual([
      ['APP', 'meeting of APP'],
      ['GOOGLE_MEET', 'meeting of GOOGLE_MEET'],
      ['USER', undefined],
    ]);
  });

  test('is erased from many events', async () => {
    const { userId, zoomUserId } = await connected();
    const { auditEvents } = harness.database.models;
    const event: object | null = await auditEvents.findOne({ userId, type: 'grant.authorized' }).lean();
    await auditEvents.insertMany(
      Array.from({ length: 1_200 }, (_, n) => ({ ...event, _id: `${userId} ${n}` })),
    );
    await harness.advance(10 * MINUTE);
    await remove(zoomUserId);
    expect(await knownOf(zoomUserId, userId)).toEqual([]);
  });

  test('takes nothing from other users', async () => {
    const [one, other] = [await connected(), await connected()];
    await harness.advance(10 * MINUTE);
    const before = [await rowOf(other.userId), await trailOf(other.userId)];
    await remove(one.zoomUserId);
    // A note of the last use may still be on its way to the row.
    expect([await rowOf(other.userId), await trailOf(other.userId)]).toMatchObject(before);
  });
});

describe('a disconnect here', () => {
  const IDENTITY = ['zoomUserId', 'zoomEmail', 'zoomAccountId', 'zoomApiUrl', 'deviceInfo'];
  const identityOf = async (userId: string) =>
    Object.keys((await rowOf(userId)) ?? {}).filter((field) => IDENTITY.includes(field));

  test('takes the identity out of the row once Zoom has confirmed, and leaves the trail for support', async () => {
    const { userId, zoomUserId } = await connected();
    const { data } = await harness.graphql(userId, REVOKE);
    expect(data.revokeZoom.revokedAtZoom).toBe('REVOKED');
    expect(await identityOf(userId)).toEqual([]);
    expect(await rowOf(userId)).toMatchObject({ isRevoked: true, reason: 'REVOKED_BY_USER' });
    const named = (await trailOf(userId)).filter((event) => event.zoomUserId === zoomUserId);
    expect(named.map(({ type }) => type)).toEqual(['grant.authorized', 'grant.revoked']);
  });

  test('keeps the identity until Zoom has confirmed', async () => {
    const { userId } = await connected();
    harness.sandbox.control.injectFault({ target: 'revoke', kind: 'status', status: 503 });
    await harness.graphql(userId, REVOKE);
    expect(await identityOf(userId)).toContain('zoomUserId');
    await harness.advance(2 * MINUTE);
    await harness.server.maintain();
    expect(await identityOf(userId)).toEqual([]);
  });

  test('of a connection that had ended already takes the identity at once', async () => {
    const { userId, zoomUserId } = await connected();
    await harness.sandbox.control.uninstall(zoomUserId);
    await harness.graphql(userId, '{ zoomProfile { id } }');
    expect(await identityOf(userId)).toContain('zoomEmail');
    await harness.graphql(userId, REVOKE);
    expect(await identityOf(userId)).toEqual([]);
  });

  test('that Zoom confirms after a reconnect takes nothing from the new connection', async () => {
    const { userId, zoomUserId } = await connected();
    harness.sandbox.control.injectFault({ target: 'revoke', kind: 'status', status: 503 });
    await harness.graphql(userId, REVOKE);
    await harness.connect(userId, { zoomUserId });
    await harness.advance(2 * MINUTE);
    await harness.server.maintain();
    expect(await rowOf(userId)).toMatchObject({ isActive: true, zoomUserId });
  });
});
