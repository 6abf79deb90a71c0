import { SYSTEM_INITIATOR } from '../../src/audit/audit-log.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const PROFILE = '{ zoomProfile { id } }';
const CONNECTION = '{ zoomConnection { status reason nextAction } }';
const connectionOf = async (userId: string) =>
  (await harness.graphql(userId, CONNECTION)).data.zoomConnection as object;
const profileError = async (userId: string) =>
  (await harness.graphql(userId, PROFILE)).errors?.[0]?.extensions;
const tokenRequests = () => harness.sandbox.control.counters().tokenRequests.refreshToken;
const refuse = (body: unknown, { status = 400, times = 1_000 } = {}) =>
  harness.sandbox.control.injectFault({ target: 'refresh', kind: 'status', status, body, times });
const rowOf = (userId: string) => harness.database.models.grants.findOne({ userId }).lean();

/** A user whose access token has expired. */
async function expiredUser(): Promise<string> {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(2 * HOUR);
  harness.sandbox.control.resetCounters();
  return userId;
}

const UNKNOWN: [string, number, unknown, number | undefined][] = [
  [
    'other words than Zoom documents',
    400,
    { reason: 'Token is invalid', error: 'invalid_request' },
    undefined,
  ],
  ['a number and a message', 400, { code: 4741, message: 'The token has been revoked.' }, 4741],
  ['a number as text', 401, { code: '4735', message: 'The owner of the token does not exist.' }, 4735],
  [
    'errorCode and errorMessage',
    400,
    { status: false, errorCode: 4740, errorMessage: 'Out of range.' },
    4740,
  ],
  ['a reason alone', 401, { reason: 'Something new' }, undefined],
  ['XML', 400, '<result><code>4737</code><message>Not found.</message></result>', 4737],
  ['a page', 403, '<html><body>Forbidden <code>1</code></body></html>', undefined],
  ['nothing', 404, '', undefined],
];

describe('a refusal that does not call the token dead', () => {
  test.each(UNKNOWN)(
    'in %s keeps the connection, and is told as a refusal',
    async (_what, status, body, zoomCode) => {
      const userId = await expiredUser();
      refuse(body, { status });
      const told = {
        code: 'ZOOM_REFUSED',
        reason: 'REFRESH_REFUSED',
        retryAt: expect.any(String) as string,
        ...(zoomCode && { zoomCode }),
      };
      const answers = await Promise.all(Array.from({ length: 10 }, () => profileError(userId)));
      expect(answers).toEqual(answers.map(() => told));
      expect(tokenRequests()).toBe(1);
      expect(await connectionOf(userId)).toEqual({ status: 'CONNECTED', reason: null, nextAction: 'WAIT' });
      const event = await harness.database.models.auditEvents
        .findOne({ userId, type: 'refresh.failed' })
        .lean();
      expect(event?.cause).toBe('REFRESH_REFUSED');
      harness.sandbox.control.clearFaults();
      await harness.advance(MINUTE);
      expect(await profileError(userId)).toBeUndefined();
      expect(await connectionOf(userId)).toEqual({ status: 'CONNECTED', reason: null, nextAction: 'NONE' });
    },
  );

  test('is retried after pauses that grow to 15 minutes', async () => {
    const userId = await expiredUser();
    refuse({ code: 4741 });
    for (let hour = 0; hour < 60; hour++) {
      await profileError(userId);
      await harness.advance(MINUTE);
    }
    // 0.5 s doubled: in the minutes 0 to 8 one of each, then after 17 minutes and more.
    expect(tokenRequests()).toBeLessThanOrEqual(14);
    const row = await rowOf(userId);
    const pause = Number(row?.refreshBackoff?.retryAt) - Number(row?.lastRefreshAttempt);
    expect(pause).toBeGreaterThan(14 * MINUTE);
    expect(pause).toBeLessThan(16 * MINUTE);
  });

  test.each([
    [{ code: 4741, message: 'The token has been revoked.' }, 'RECONNECT'],
    [{ reason: 'The token is disabled by admin.', error: 'invalid_request' }, 'CONTACT_SUPPORT'],
    [{ code: 4738, message: '' }, 'CONTACT_SUPPORT'],
  ])(
    '%j becomes the reason of the connection after a day, and heals when Zoom does',
    async (body, nextAction) => {
      const userId = await expiredUser();
      refuse(body);
      await profileError(userId);
      await harness.advance(DAY - MINUTE);
      await profileError(userId);
      expect(await connectionOf(userId)).toEqual({ status: 'CONNECTED', reason: null, nextAction: 'WAIT' });
      await harness.advance(HOUR);
      await profileError(userId);
      expect(await connectionOf(userId)).toEqual({
        status: 'CONNECTED',
        reason: 'REFRESH_REFUSED',
        nextAction,
      });
      await harness.advance(3 * DAY);
      expect(await profileError(userId)).toMatchObject({ code: 'ZOOM_REFUSED', reason: 'REFRESH_REFUSED' });
      harness.sandbox.control.clearFaults();
      await harness.advance(HOUR);
      expect(await profileError(userId)).toBeUndefined();
      expect(await connectionOf(userId)).toEqual({ status: 'CONNECTED', reason: null, nextAction: 'NONE' });
      expect(await rowOf(userId)).not.toHaveProperty('refreshRefusal');
    },
  );

  test('is dated through outages in between, and from anew after a success', async () => {
    const userId = await expiredUser();
    refuse({ code: 4741 }, { times: 1 });
    await profileError(userId);
    const since = (await rowOf(userId))?.refreshRefusal?.since;
    for (const outage of [{ kind: 'html' }, { kind: 'reset' }, { kind: 'rate_limited' }] as const) {
      await harness.advance(20 * MINUTE);
      harness.sandbox.control.injectFault({ target: 'refresh', times: 20, ...outage });
      await profileError(userId);
      harness.sandbox.control.clearFaults();
      expect((await rowOf(userId))?.refreshRefusal?.since).toEqual(since);
    }
    await harness.advance(20 * MINUTE);
    expect(await profileError(userId)).toBeUndefined();
    await harness.advance(DAY);
    refuse({ code: 4741 });
    await profileError(userId);
    expect(await connectionOf(userId)).toMatchObject({ reason: null, nextAction: 'WAIT' });
  });

  test('ends with a reconnect', async () => {
    const userId = await expiredUser();
    refuse({ code: 4711, message: 'Refresh token invalid.' });
    await profileError(userId);
    harness.sandbox.control.clearFaults();
    await harness.connect(userId);
    expect(await connectionOf(userId)).toEqual({ status: 'CONNECTED', reason: null, nextAction: 'NONE' });
    expect(await rowOf(userId)).not.toHaveProperty('refreshRefusal');
  });

  test('leaves a token in use that has not expired', async () => {
    const userId = someUser();
    await harness.connect(userId);
    await harness.advance(57 * MINUTE);
    refuse({ code: 4741 });
    expect(await profileError(userId)).toBeUndefined();
    expect(await profileError(userId)).toBeUndefined();
    expect(tokenRequests()).toBe(1);
  });

  test('is counted, and an error in the log once it has lasted a day', async () => {
    const userId = await expiredUser();
    refuse({ code: 4741 });
    for (const pause of [0, DAY, HOUR, HOUR]) {
      await harness.advance(pause);
      await profileError(userId);
    }
    const levels = harness.log.lines.filter(({ msg }) => msg === 'refresh failed').map(({ level }) => level);
    expect(levels).toEqual(['warn', 'error', 'warn', 'warn']);
    const metrics = await (await fetch(`${harness.url}/metrics`)).text();
    expect(metrics).toContain('zoom_refresh_refusals_total{lasting="false"} 1');
    expect(metrics).toContain('zoom_refresh_refusals_total{lasting="true"} 3');
    expect(metrics).toContain('zoom_grant_events_total{type="refresh.failed",cause="REFRESH_REFUSED"} 4');
  });
});

test('scopes that do not match those of the app are told at once, and a change back heals', async () => {
  const userId = await expiredUser();
  refuse({ code: 4711, message: 'Refresh token invalid.' });
  expect(await profileError(userId)).toMatchObject({
    code: 'ZOOM_REFUSED',
    reason: 'SCOPES_CHANGED',
    zoomCode: 4711,
  });
  expect(await connectionOf(userId)).toEqual({
    status: 'CONNECTED',
    reason: 'SCOPES_CHANGED',
    nextAction: 'RECONNECT',
  });
  harness.sandbox.control.clearFaults();
  await harness.advance(MINUTE);
  expect(await profileError(userId)).toBeUndefined();
  expect(await connectionOf(userId)).toEqual({ status: 'CONNECTED', reason: null, nextAction: 'NONE' });
});

test.each<[string, number, object]>([
  ["Zoom's reason without an error", 401, { reason: 'Invalid Token!' }],
  ["Zoom's reason without an error, as 400", 400, { reason: 'Invalid Token!' }],
  ['an error without a reason', 400, { error: 'invalid_grant' }],
  ['invalid_grant under status 200', 200, { error: 'invalid_grant' }],
])('%s ends the connection', async (_what, status, body) => {
  const userId = await expiredUser();
  refuse(body, { status, times: 1 });
  expect(await profileError(userId)).toEqual({
    code: 'ZOOM_REAUTHORIZATION_REQUIRED',
    reason: 'REFRESH_TOKEN_REJECTED',
  });
});

test.each([4702, 4704, 4705, 4706, 4717])(
  'the number %i is an alarm about the app, and costs nobody the connection',
  async (code) => {
    const userId = await expiredUser();
    refuse({ code, message: 'no' });
    expect(await profileError(userId)).toMatchObject({ code: 'ZOOM_APP_MISCONFIGURED' });
    expect(await connectionOf(userId)).toEqual({
      status: 'CONNECTED',
      reason: null,
      nextAction: 'CONTACT_SUPPORT',
    });
  },
);

describe('maintenance', () => {
  test('tries again without a caller, once an hour, so that the status becomes true and heals', async () => {
    const userId = await expiredUser();
    refuse({ code: 4741 });
    await profileError(userId);
    harness.sandbox.control.resetCounters();
    await harness.server.maintain();
    expect(tokenRequests()).toBe(0);
    await harness.advance(DAY);
    await harness.server.maintain();
    await harness.server.maintain();
    expect(tokenRequests()).toBe(1);
    expect(await connectionOf(userId)).toMatchObject({ reason: 'REFRESH_REFUSED', nextAction: 'RECONNECT' });
    harness.sandbox.control.clearFaults();
    await harness.advance(2 * HOUR);
    await harness.server.maintain();
    expect(await connectionOf(userId)).toEqual({ status: 'CONNECTED', reason: null, nextAction: 'NONE' });
  });

  test('gives an idle connection its turn, however many older ones Zoom refuses', async () => {
    const idle = someUser();
    await harness.connect(idle);
    await harness.advance(77 * DAY);
    const ago = (ms: number) => new Date(harness.clock().getTime() - ms);
    const refused = Array.from({ length: 25 }, (_, index) => ({
      userId: `refused-${index}`,
      zoomAccessToken: 'sealed',
      zoomRefreshToken: 'sealed',
      zoomAccessTokenExpiry: ago(80 * DAY),
      grantedScopes: [],
      authorizedAt: ago(80 * DAY),
      since: ago(80 * DAY),
      isActive: true,
      isRevoked: false,
      tokenVersion: 1,
      refreshAttempt: 1,
      grantGeneration: 1,
      refreshTokenIssuedAt: ago(80 * DAY),
      lastRefreshAttempt: ago(2 * HOUR),
      refreshErrorCount: 1,
      refreshBackoff: { code: 'ZOOM_REFUSED', retryAt: ago(HOUR) },
      refreshRefusal: {
        cause: 'REFRESH_REFUSED',
        needsSupport: false,
        since: ago(3 * HOUR),
        latest: ago(2 * HOUR),
      },
    }));
    await harness.database.models.grants.collection.insertMany(refused);
    harness.sandbox.control.resetCounters();
    await harness.server.maintain();
    const event = await harness.database.models.auditEvents
      .findOne({ userId: idle, cause: 'KEEP_ALIVE' })
      .lean();
    expect(event?.type).toBe('access_token.refreshed');
    // Tokens that cannot be opened are not sent.
    expect(tokenRequests()).toBe(1);
  });

  test('a contest waits for no connection that Zoom refuses', async () => {
    const userId = await expiredUser();
    refuse({ code: 4741 });
    await profileError(userId);
    await harness.database.models.grants.updateOne(
      { userId },
      { $set: { contest: { upTo: 99, settleAt: new Date(0) } } },
    );
    const { grants } = harness.server.services;
    expect(await grants.findContested(harness.clock(), 10)).toEqual([]);
    harness.sandbox.control.clearFaults();
    await harness.advance(2 * HOUR);
    await harness.server.services.tokens.refresh(userId, SYSTEM_INITIATOR);
    expect(await rowOf(userId)).not.toHaveProperty('refreshRefusal');
  });
});
