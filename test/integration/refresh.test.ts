import { SYSTEM_INITIATOR } from '../../src/audit/audit-log.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const PROFILE = '{ zoomProfile { id } }';
const CONNECTION = '{ zoomConnection { status reason nextAction refreshErrorCount accessTokenExpiresAt } }';
const accessTokenOf = (userId: string) =>
  harness.server.services.tokens.get(userId, { initiator: SYSTEM_INITIATOR });
const rowOf = (userId: string) => harness.database.models.grants.findOne({ userId }).lean();
const eventsOf = async (userId: string) =>
  (await harness.database.models.auditEvents.find({ userId }).sort({ occurredAt: 1 }).lean()).map(
    ({ type, cause }) => [type, cause] as const,
  );

test('a token with more than five minutes left is used as it is', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(50 * MINUTE);
  expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
  expect(harness.sandbox.control.counters().tokenRequests.refreshToken).toBe(0);
});

test('a token with four minutes left is refreshed before use', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(56 * MINUTE);
  expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
  expect(harness.sandbox.control.counters().refreshes).toEqual({ granted: 1, rejected: 0 });
  const { data } = await harness.graphql(userId, CONNECTION);
  expect(new Date(data.zoomConnection.accessTokenExpiresAt as string).getTime()).toBeGreaterThan(
    harness.clock().getTime() + 55 * MINUTE,
  );
  expect(await eventsOf(userId)).toContainEqual(['access_token.refreshed', 'EXPIRY']);
});

test('100 callers on an expired token cause one refresh and no failure', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(2 * HOUR);
  const answers = await Promise.allSettled(Array.from({ length: 100 }, () => accessTokenOf(userId)));
  expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
  const versions = new Set(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.version : undefined)),
  );
  expect(versions.size).toBe(1);
  expect(harness.sandbox.control.counters().tokenRequests.refreshToken).toBe(1);
});

test('the user can ask for a refresh', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(MINUTE);
  const { data, errors } = await harness.graphql(
    userId,
    'mutation { refreshZoomToken { connection { status } } }',
  );
  expect(errors).toBeUndefined();
  expect(data.refreshZoomToken.connection.status).toBe('CONNECTED');
  expect(harness.sandbox.control.counters().refreshes.granted).toBe(1);
  expect(await eventsOf(userId)).toContainEqual(['access_token.refreshed', 'USER_REQUEST']);
});

test('a refusal by Zoom ends the grant, and nothing asks Zoom again', async () => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  await harness.sandbox.control.uninstall(zoomUserId);
  await harness.advance(2 * HOUR);
  const first = await harness.graphql(userId, PROFILE);
  expect(first.errors?.[0]?.extensions).toMatchObject({
    code: 'ZOOM_REAUTHORIZATION_REQUIRED',
    reason: 'REFRESH_TOKEN_REJECTED',
  });
  harness.sandbox.control.resetCounters();
  await Promise.all(Array.from({ length: 20 }, () => harness.graphql(userId, PROFILE)));
  expect(harness.sandbox.control.requests()).toEqual([]);
  const { data } = await harness.graphql(userId, CONNECTION);
  expect(data.zoomConnection).toMatchObject({
    status: 'REAUTHORIZATION_REQUIRED',
    reason: 'REFRESH_TOKEN_REJECTED',
    nextAction: 'RECONNECT',
  });
  const row = await rowOf(userId);
  expect(row).not.toHaveProperty('zoomAccessToken');
  expect(row).not.toHaveProperty('zoomRefreshToken');
});

test('a token unused for more than 90 days is REFRESH_TOKEN_EXPIRED', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(91 * 24 * HOUR);
  const { errors } = await harness.graphql(userId, PROFILE);
  expect(errors?.[0]?.extensions).toMatchObject({ reason: 'REFRESH_TOKEN_EXPIRED' });
});

test.each([
  ['an HTML 502', { kind: 'html' as const }],
  ['a 503', { kind: 'status' as const, status: 503 }],
  ['a cut connection', { kind: 'reset' as const }],
  ['a 429 without Retry-After', { kind: 'rate_limited' as const }],
])('%s at the token endpoint once is waited out', async (_name, fault) => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(2 * HOUR);
  harness.sandbox.control.injectFault({ target: 'refresh', ...fault });
  expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
  expect(await rowOf(userId)).toMatchObject({ isActive: true, refreshErrorCount: 0 });
  expect(await rowOf(userId)).not.toHaveProperty('unsettledAttempt');
});

test.each([
  ['an HTML 502', { kind: 'html' as const }, 'ZOOM_UNAVAILABLE', 0],
  ['a cut connection', { kind: 'reset' as const }, 'ZOOM_UNAVAILABLE', 0],
  ['a 429', { kind: 'rate_limited' as const, retryAfter: '120' }, 'ZOOM_RATE_LIMITED', 110_000],
])(
  '%s that lasts leaves the user CONNECTED with WAIT, and asks Zoom no more until retryAt',
  async (_name, fault, code, leastWaitMs) => {
    const userId = someUser();
    await harness.connect(userId);
    await harness.advance(2 * HOUR);
    harness.sandbox.control.injectFault({ target: 'refresh', ...fault, times: 50 });
    const { errors } = await harness.graphql(userId, PROFILE);
    expect(errors?.[0]?.extensions.code).toBe(code);
    const retryAt = new Date(errors?.[0]?.extensions['retryAt'] as string);
    expect(retryAt.getTime()).toBeGreaterThan(harness.clock().getTime() + leastWaitMs);
    const { data } = await harness.graphql(userId, CONNECTION);
    expect(data.zoomConnection).toMatchObject({ status: 'CONNECTED', nextAction: 'WAIT' });
    const asked = harness.sandbox.control.counters().tokenRequests.refreshToken;
    await harness.graphql(userId, PROFILE);
    expect(harness.sandbox.control.counters().tokenRequests.refreshToken).toBe(asked);
    harness.sandbox.control.clearFaults();
    await harness.advance(retryAt.getTime() - harness.clock().getTime() + 1);
    expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
  },
);

test('while the token endpoint fails, a token that is still good goes on being used', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(57 * MINUTE);
  harness.sandbox.control.injectFault({ target: 'refresh', kind: 'html', times: 1000 });
  expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
});

test('a wrong client secret disconnects nobody, says so, and heals', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(2 * HOUR);
  const { clientSecret } = harness.sandbox.control.updateApp({});
  harness.sandbox.control.updateApp({ clientSecret: 'x'.repeat(32) });
  const { errors } = await harness.graphql(userId, PROFILE);
  expect(errors?.[0]?.extensions.code).toBe('ZOOM_APP_MISCONFIGURED');
  expect((await harness.graphql(userId, CONNECTION)).data.zoomConnection).toMatchObject({
    status: 'CONNECTED',
    nextAction: 'CONTACT_SUPPORT',
  });
  expect(harness.log.lines.some(({ level }) => level === 'fatal')).toBe(true);
  harness.sandbox.control.updateApp({ clientSecret });
  await harness.advance(2 * MINUTE);
  expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
});

test('strict rotation: an answer lost after Zoom rotated is ROTATION_LOST, not the user’s doing', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(2 * HOUR);
  harness.sandbox.control.injectFault({ target: 'refresh', kind: 'drop_answer' });
  const { errors } = await harness.graphql(userId, PROFILE);
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'ZOOM_REAUTHORIZATION_REQUIRED',
    reason: 'ROTATION_LOST',
  });
  expect(await eventsOf(userId)).toContainEqual(['grant.ended', 'ROTATION_LOST']);
}, 15_000);

test('strict rotation: an answer lost before a 429 is ROTATION_LOST all the same', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(2 * HOUR);
  harness.sandbox.control.injectFault({ target: 'refresh', kind: 'drop_answer' });
  harness.sandbox.control.injectFault({ target: 'refresh', kind: 'rate_limited' });
  const { errors } = await harness.graphql(userId, PROFILE);
  expect(errors?.[0]?.extensions).toMatchObject({ reason: 'ROTATION_LOST' });
  expect(harness.sandbox.control.counters().tokenRequests.refreshToken).toBe(3);
}, 15_000);

test('grace rotation: an answer lost after Zoom rotated costs nobody the connection', async () => {
  harness.sandbox.control.setRotation('grace');
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(2 * HOUR);
  harness.sandbox.control.injectFault({ target: 'refresh', kind: 'drop_answer' });
  expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
  expect(await rowOf(userId)).toMatchObject({ isActive: true });
});

test('a token that Zoom has killed early is replaced by the stored one, without a refresh', async () => {
  const userId = someUser();
  await harness.connect(userId);
  const old = await accessTokenOf(userId);
  await harness.server.services.tokens.refresh(userId, SYSTEM_INITIATOR);
  harness.sandbox.control.resetCounters();
  const token = await harness.server.services.tokens.get(userId, {
    initiator: SYSTEM_INITIATOR,
    rejectedVersion: old.version,
  });
  expect(token.version).toBeGreaterThan(old.version);
  expect(harness.sandbox.control.counters().tokenRequests.refreshToken).toBe(0);
});

test('a token refused by Zoom is replaced by that of a reconnect, without a refresh', async () => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  const { version: rejectedVersion } = await accessTokenOf(userId);
  await harness.connect(userId, { zoomUserId });
  const initiator = SYSTEM_INITIATOR;
  const token = await harness.server.services.tokens.get(userId, { initiator, rejectedVersion });
  expect(harness.sandbox.control.isAccessTokenLive(token.value.reveal())).toBe(true);
  expect(harness.sandbox.control.counters().tokenRequests.refreshToken).toBe(0);
});

test('many calls during a strict rotation all succeed', async () => {
  const userId = someUser();
  await harness.connect(userId);
  const calls = Array.from({ length: 30 }, () => harness.graphql(userId, PROFILE));
  const refresh = harness.server.services.tokens.refresh(userId, SYSTEM_INITIATOR);
  const answers = await Promise.all([
    ...calls,
    ...Array.from({ length: 30 }, () => harness.graphql(userId, PROFILE)),
  ]);
  await refresh;
  expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
  expect(harness.sandbox.control.counters().refreshes.rejected).toBe(0);
});

test('keep-alive refreshes a grant that nobody has used for 76 days, and no younger one', async () => {
  const [idle, young] = [someUser(), someUser()];
  await harness.connect(idle);
  await harness.advance(70 * 24 * HOUR);
  await harness.connect(young);
  await harness.advance(7 * 24 * HOUR);
  harness.sandbox.control.resetCounters();
  await harness.server.maintain();
  expect(harness.sandbox.control.counters().refreshes).toEqual({ granted: 1, rejected: 0 });
  expect(await eventsOf(idle)).toContainEqual(['access_token.refreshed', 'KEEP_ALIVE']);
  expect(await eventsOf(young)).not.toContainEqual(['access_token.refreshed', 'KEEP_ALIVE']);
});

test('swapped ciphertext is refused and told to nobody but the log', async () => {
  const [alice, bob] = [someUser(), someUser()];
  await harness.connect(alice);
  await harness.connect(bob);
  const row = await rowOf(bob);
  await harness.database.models.grants.updateOne(
    { userId: alice },
    { $set: { zoomAccessToken: row?.zoomAccessToken } },
  );
  const { errors } = await harness.graphql(alice, PROFILE);
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'INTERNAL_SERVER_ERROR',
    errorId: expect.any(String) as string,
  });
  expect(errors?.[0]?.message).not.toMatch(/seal|FOREIGN/);
  expect(harness.log.text()).toContain('FOREIGN');
});

test('a refresh for a caller counts as a use of the grant; one that keeps it alive does not', async () => {
  const userId = someUser();
  await harness.connect(userId);
  const lastUsed = async () =>
    (await harness.database.models.grants.findOne({ userId }).lean())?.lastUsedAt?.getTime();
  expect(await lastUsed()).toBeUndefined();
  await harness.server.services.tokens.refresh(userId, SYSTEM_INITIATOR, 'KEEP_ALIVE');
  expect(await lastUsed()).toBeUndefined();
  await harness.advance(60 * 60_000);
  await accessTokenOf(userId);
  expect(await lastUsed()).toBe(
    (
      await harness.database.models.auditEvents.findOne({ userId, cause: 'EXPIRY' }).lean()
    )?.occurredAt.getTime(),
  );
});
