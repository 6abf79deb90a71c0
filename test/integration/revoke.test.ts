import { SYSTEM_INITIATOR } from '../../src/audit/audit-log.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';
import { until } from '../support/waiting.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const REVOKE = 'mutation { revokeZoom { revokedAtZoom connection { status reason nextAction revokedAt } } }';
const PROFILE = '{ zoomProfile { id } }';
const grantsAlive = () => harness.sandbox.control.grants().filter(({ alive }) => alive);
const eventsOf = async (userId: string) =>
  (await harness.database.models.auditEvents.find({ userId }).sort({ occurredAt: 1 }).lean()).map(
    ({ type, cause }) => [type, cause],
  );
const pendingOf = (userId: string) => harness.database.models.pendingRevocations.countDocuments({ userId });

test('a disconnect ends the grant here and at Zoom and erases the tokens', async () => {
  const userId = someUser();
  await harness.connect(userId);
  const { data } = await harness.graphql(userId, REVOKE);
  expect(data.revokeZoom).toMatchObject({
    revokedAtZoom: 'REVOKED',
    connection: { status: 'REVOKED', reason: 'REVOKED_BY_USER', nextAction: 'RECONNECT' },
  });
  expect(grantsAlive()).toEqual([]);
  const row = await harness.database.models.grants.findOne({ userId }).lean();
  expect(Object.keys(row ?? {})).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/zoom(Access|Refresh)Token$/)]),
  );
  expect(await pendingOf(userId)).toBe(0);
  expect((await harness.graphql(userId, PROFILE)).errors?.[0]?.extensions).toMatchObject({
    code: 'ZOOM_NOT_CONNECTED',
    reason: 'REVOKED_BY_USER',
  });
  expect((await eventsOf(userId)).slice(-2)).toEqual([
    ['grant.revoked', 'REVOKED_BY_USER'],
    ['revocation.completed', 'REVOKED'],
  ]);
});

test('a second disconnect changes nothing', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.graphql(userId, REVOKE);
  const { data } = await harness.graphql(userId, REVOKE);
  expect(data.revokeZoom).toMatchObject({ revokedAtZoom: 'NOT_NEEDED', connection: { status: 'REVOKED' } });
});

test('a disconnect of a user who never connected changes nothing', async () => {
  const { data } = await harness.graphql(someUser(), REVOKE);
  expect(data.revokeZoom).toMatchObject({
    revokedAtZoom: 'NOT_NEEDED',
    connection: { status: 'NOT_CONNECTED' },
  });
});

test('while Zoom is down the user is disconnected at once, and the grant is revoked at Zoom later', async () => {
  const userId = someUser();
  await harness.connect(userId);
  harness.sandbox.control.injectFault({ target: 'revoke', kind: 'html', times: 2 });
  const { data } = await harness.graphql(userId, REVOKE);
  expect(data.revokeZoom).toMatchObject({
    revokedAtZoom: 'PENDING_RETRY',
    connection: { status: 'REVOKED' },
  });
  expect(grantsAlive()).toHaveLength(1);
  expect((await harness.graphql(userId, REVOKE)).data.revokeZoom.revokedAtZoom).toBe('PENDING_RETRY');
  await harness.advance(MINUTE);
  await harness.server.maintain();
  expect(grantsAlive()).toHaveLength(1);
  await harness.advance(MINUTE);
  await harness.server.maintain();
  expect(grantsAlive()).toEqual([]);
  expect(await pendingOf(userId)).toBe(0);
});

test.each<[string, unknown]>([
  ['another status', { status: 'fail' }],
  ['an error of the API', { code: 300, message: 'no' }],
  ['an OAuth error', { error: 'invalid_client', reason: 'Invalid client_id' }],
])('200 with %s is no revocation: it is retried', async (_what, body) => {
  const userId = someUser();
  await harness.connect(userId);
  harness.sandbox.control.injectFault({ target: 'revoke', kind: 'status', status: 200, body });
  const { data } = await harness.graphql(userId, REVOKE);
  expect(data.revokeZoom.revokedAtZoom).toBe('PENDING_RETRY');
  await harness.advance(2 * MINUTE);
  await harness.server.maintain();
  expect(grantsAlive()).toEqual([]);
  expect(await eventsOf(userId)).toContainEqual(['revocation.completed', 'REVOKED']);
});

test('a revocation whose access token has expired refreshes it first', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(2 * HOUR);
  const { data } = await harness.graphql(userId, REVOKE);
  expect(data.revokeZoom.revokedAtZoom).toBe('REVOKED');
  expect(grantsAlive()).toEqual([]);
});

test('a disconnect during a refresh wins, and the tokens of the refresh are revoked too', async () => {
  const userId = someUser();
  await harness.connect(userId);
  harness.sandbox.control.injectFault({ target: 'refresh', kind: 'delay', ms: 500, hold: 'answer' });
  const refresh = harness.server.services.tokens.refresh(userId, SYSTEM_INITIATOR);
  await until(() => harness.sandbox.control.counters().refreshes.granted === 1);
  const { data } = await harness.graphql(userId, REVOKE);
  expect(data.revokeZoom.connection.status).toBe('REVOKED');
  await expect(refresh).rejects.toMatchObject({ code: 'ZOOM_NOT_CONNECTED' });
  await until(() => grantsAlive().length === 0);
  expect(await harness.database.models.grants.findOne({ userId }).lean()).toMatchObject({
    isActive: false,
    isRevoked: true,
    reason: 'REVOKED_BY_USER',
  });
});

test('after a disconnect the user can connect again, and the pending revocation does not touch the new grant', async () => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  harness.sandbox.control.injectFault({ target: 'revoke', kind: 'html' });
  await harness.graphql(userId, REVOKE);
  await harness.connect(userId, { zoomUserId });
  harness.sandbox.control.resetCounters();
  await harness.advance(MINUTE);
  await harness.server.maintain();
  expect(await pendingOf(userId)).toBe(0);
  expect(harness.sandbox.control.requests()).toEqual([]);
  expect((await harness.graphql(userId, PROFILE)).data.zoomProfile.id).toBe(zoomUserId);
});

test('a revocation whose process died before the disconnect was stored revokes nothing', async () => {
  const userId = someUser();
  await harness.connect(userId);
  const { models } = harness.database;
  const row = await models.grants.findOne({ userId }).lean();
  await models.pendingRevocations.create({
    _id: 'uncommitted',
    userId,
    grantGeneration: row?.grantGeneration ?? 0,
    zoomAccessToken: row?.zoomAccessToken ?? '',
    zoomAccessTokenExpiry: row?.zoomAccessTokenExpiry ?? harness.clock(),
    requestedAt: harness.clock(),
    attempts: 1,
    dueAt: harness.clock(),
  });
  await harness.advance(2 * MINUTE);
  await harness.server.maintain();
  expect(await pendingOf(userId)).toBe(0);
  expect(grantsAlive()).toHaveLength(1);
  expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
});

test('a revocation whose tokens cannot be opened does not stop the others', async () => {
  const userId = someUser();
  const unreadable = someUser();
  await harness.connect(userId);
  harness.sandbox.control.injectFault({ target: 'revoke', kind: 'html' });
  await harness.graphql(userId, REVOKE);
  await harness.database.models.pendingRevocations.create({
    _id: 'unreadable',
    userId: unreadable,
    grantGeneration: 1,
    zoomAccessToken: 'sealed with a key that is gone',
    zoomAccessTokenExpiry: new Date(harness.clock().getTime() + HOUR),
    requestedAt: harness.clock(),
    attempts: 1,
    dueAt: new Date(0),
  });
  await harness.advance(MINUTE);
  await harness.server.maintain();
  expect(await pendingOf(userId)).toBe(0);
  expect(await pendingOf(unreadable)).toBe(1);
  expect(grantsAlive()).toEqual([]);
  expect(harness.log.lines).toContainEqual(
    expect.objectContaining({ userId: unreadable, msg: 'revocation failed unexpectedly, will be retried' }),
  );
});

test('connecting another Zoom user revokes the grant of the former one', async () => {
  const userId = someUser();
  const former = await harness.connect(userId);
  const { zoomUserId } = await harness.connect(userId);
  await until(() => grantsAlive().length === 1);
  expect(grantsAlive()[0]?.zoomUserId).toBe(zoomUserId);
  expect(former.zoomUserId).not.toBe(zoomUserId);
  expect((await harness.graphql(userId, PROFILE)).data.zoomProfile.id).toBe(zoomUserId);
});
