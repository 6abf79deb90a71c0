import { Secret } from '../../src/lib/secret.js';
import { SANDBOX_WEBHOOK_SECRET_TOKEN } from '../../src/dev/sandbox/sandbox.js';
import { signWebhook } from '../../src/dev/sandbox/webhooks/endpoint.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

const MINUTE = 60_000;

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness({ webhookSecretTokens: [new Secret(SANDBOX_WEBHOOK_SECRET_TOKEN)] });
  harness.sandbox.control.updateApp({ published: true, webhookUrl: `${harness.url}/api/zoom/webhook` });
});
afterEach(() => harness.close());

const CONNECTION = '{ zoomConnection { status reason nextAction zoomUserId zoomEmail } }';
const PROFILE = '{ zoomProfile { id } }';
const connectionOf = async (userId: string) =>
  (await harness.graphql(userId, CONNECTION)).data.zoomConnection;
const statusesOf = (deliveries: { attempts: { status?: number | null }[] }[]) =>
  deliveries.map(({ attempts }) => attempts.at(-1)?.status);
const deauthorization = (zoomUserId: string, deauthorizedAt: Date) => ({
  event: 'app_deauthorized',
  payload: {
    account_id: 'account',
    user_id: zoomUserId,
    client_id: harness.config.zoom.clientId,
    deauthorization_time: deauthorizedAt.toISOString(),
  },
});

test('Zoom’s endpoint validation is answered', async () => {
  expect(await harness.sandbox.control.validateEndpoint()).toMatchObject({ valid: true });
});

test('while the secret token is changed, events with either are taken, and a challenge is answered with its own', async () => {
  const [last, next] = ['the-last-secret-token', 'the-next-secret-token'];
  const changing = await startHarness({
    webhookSecretTokens: [new Secret(last), new Secret(next)],
  });
  for (const webhookSecretToken of [last, next, 'a-foreign-secret-token']) {
    const webhookUrl = `${changing.url}/api/zoom/webhook`;
    changing.sandbox.control.updateApp({ published: true, webhookUrl, webhookSecretToken });
    const isOurs = webhookSecretToken !== 'a-foreign-secret-token';
    expect(await changing.sandbox.control.validateEndpoint()).toMatchObject({ valid: isOurs });
  }
  await changing.close();
});

test('a user who removes the app at Zoom is REVOKED / DEAUTHORIZED_AT_ZOOM, and their Zoom data is gone', async () => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  await harness.advance(10 * MINUTE);
  await harness.sandbox.control.uninstall(zoomUserId);
  expect(await connectionOf(userId)).toEqual({
    status: 'REVOKED',
    reason: 'DEAUTHORIZED_AT_ZOOM',
    nextAction: 'RECONNECT',
    zoomUserId: null,
    zoomEmail: null,
  });
  const events = await harness.database.models.auditEvents.find({ userId, type: 'grant.revoked' }).lean();
  expect(events).toMatchObject([{ actor: { kind: 'zoom' }, cause: 'DEAUTHORIZED_AT_ZOOM' }]);
});

test('a user who removes the app right after connecting is deauthorized too: Zoom is asked which came first', async () => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  await harness.sandbox.control.uninstall(zoomUserId);
  expect(await connectionOf(userId)).toMatchObject({ status: 'REVOKED', reason: 'DEAUTHORIZED_AT_ZOOM' });
});

test('an event that comes after a refresh has met the removal tells its cause and takes the Zoom data away', async () => {
  harness.sandbox.control.updateApp({ published: false });
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  await harness.advance(10 * MINUTE);
  await harness.sandbox.control.uninstall(zoomUserId);
  const removedAt = harness.clock();
  await harness.graphql(userId, PROFILE);
  expect(await connectionOf(userId)).toMatchObject({ reason: 'REFRESH_TOKEN_REJECTED', zoomUserId });
  await harness.advance(MINUTE);
  const order = deauthorization(zoomUserId, removedAt);
  expect(statusesOf(await harness.sandbox.control.sendWebhook(order))).toEqual([200]);
  expect(await connectionOf(userId)).toMatchObject({
    status: 'REVOKED',
    reason: 'DEAUTHORIZED_AT_ZOOM',
    zoomUserId: null,
    zoomEmail: null,
  });
});

test('the echo of our own revocation changes nothing', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.graphql(userId, 'mutation { revokeZoom { revokedAtZoom } }');
  expect(await connectionOf(userId)).toMatchObject({ status: 'REVOKED', reason: 'REVOKED_BY_USER' });
});

test.each([
  ['long before', 60 * MINUTE],
  ['just before', 1_000],
])('an event from %s the reconnect is ignored', async (_name, age) => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  const order = deauthorization(zoomUserId, new Date(harness.clock().getTime() - age));
  expect(statusesOf(await harness.sandbox.control.sendWebhook(order))).toEqual([200]);
  expect(await connectionOf(userId)).toMatchObject({ status: 'CONNECTED' });
  expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
});

test('an event that arrives many times ends the connection once', async () => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  await harness.advance(10 * MINUTE);
  const order = { ...deauthorization(zoomUserId, harness.clock()), times: 5 };
  expect(new Set(statusesOf(await harness.sandbox.control.sendWebhook(order)))).toEqual(new Set([200]));
  expect(await harness.database.models.auditEvents.countDocuments({ userId, type: 'grant.revoked' })).toBe(1);
});

test.each([
  ['forged', { badSignature: true }],
  ['replayed after ten minutes', { timestampOffsetMs: -10 * MINUTE }],
  ['from ten minutes ahead', { timestampOffsetMs: 10 * MINUTE }],
])('an event that is %s is refused and changes nothing', async (_name, flaw) => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  await harness.advance(10 * MINUTE);
  const order = { ...deauthorization(zoomUserId, harness.clock()), ...flaw };
  expect(statusesOf(await harness.sandbox.control.sendWebhook(order))).toEqual([401]);
  expect(await connectionOf(userId)).toMatchObject({ status: 'CONNECTED' });
});

test('an event about another app is taken and changes nothing', async () => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  await harness.advance(10 * MINUTE);
  const order = deauthorization(zoomUserId, harness.clock());
  order.payload.client_id = 'another-app';
  expect(statusesOf(await harness.sandbox.control.sendWebhook(order))).toEqual([200]);
  expect(await connectionOf(userId)).toMatchObject({ status: 'CONNECTED' });
});

/** Posts a body as Zoom signs it, now. Answers the status, and what the metric has counted afterwards, without zeros. */
async function post(body: string, headers: Record<string, string> = {}) {
  const timestamp = String(Math.floor(harness.clock().getTime() / 1000));
  const signature = signWebhook(SANDBOX_WEBHOOK_SECRET_TOKEN, timestamp, body);
  const { status } = await fetch(`${harness.url}/api/zoom/webhook`, {
    method: 'POST',
    body: Buffer.from(body),
    headers: { 'x-zm-request-timestamp': timestamp, 'x-zm-signature': signature, ...headers },
  });
  const metrics = await (await fetch(`${harness.url}/metrics`)).text();
  const counted = [...metrics.matchAll(/zoom_webhooks_total\{outcome="(\w+)"\} ([1-9]\d*)/g)];
  return {
    status,
    counted: Object.fromEntries(
      counted.map(([, outcome, count]) => [outcome, Number(count)]).filter(([, count]) => count !== 0),
    ),
  };
}

const nowMs = () => harness.clock().getTime();
const own = () => harness.config.zoom.clientId;

test.each<[string, (userId: string) => object]>([
  [
    'has no time but that of the event',
    (user_id) => ({ event_ts: nowMs(), payload: { user_id, client_id: own() } }),
  ],
  ['has an empty time', (user_id) => ({ event_ts: nowMs(), payload: { user_id, deauthorization_time: '' } })],
  ['counts milliseconds', (user_id) => ({ payload: { user_id, deauthorization_time: nowMs() } })],
  ['counts seconds', (user_id) => ({ payload: { user_id, deauthorization_time: String(nowMs() / 1000) } })],
  ['has no client id', (user_id) => ({ payload: { user_id, event_ts: String(nowMs()), client_id: null } })],
  [
    'nests its fields',
    (user_id) => ({ event_ts: nowMs(), payload: { object: { user_id, client_id: own() } } }),
  ],
])('a deauthorization that %s ends the connection', async (_what, fields) => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  await harness.advance(10 * MINUTE);
  const { status, counted } = await post(
    JSON.stringify({ event: 'app_deauthorized', ...fields(zoomUserId) }),
  );
  expect([status, counted]).toEqual([200, { app_deauthorized: 1 }]);
  expect(await connectionOf(userId)).toMatchObject({ status: 'REVOKED', reason: 'DEAUTHORIZED_AT_ZOOM' });
});

test.each<[string, (fields: object) => string]>([
  ['emoji', (fields) => JSON.stringify({ topic: '\u{1F469}\u{1F3FD}\u200d\u{1F680} \u00fc', ...fields })],
  ['escapes', (fields) => JSON.stringify(fields).replaceAll('app_', 'app\\u005f').replaceAll('/', '\\/')],
  ['CRLF and spaces', (fields) => ` ${JSON.stringify(fields, null, 2).replaceAll('\n', '\r\n')}\r\n`],
  ['numbers written in another way', (fields) => JSON.stringify(fields).replace('{', '{"count":1.0e0,')],
])('an event with %s is verified over its bytes, and ends the connection', async (_what, spell) => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  await harness.advance(10 * MINUTE);
  const payload = { user_id: zoomUserId, client_id: own() };
  const body = spell({ event: 'app_deauthorized', event_ts: nowMs(), payload });
  expect((await post(body)).status).toBe(200);
  expect(await connectionOf(userId)).toMatchObject({ status: 'REVOKED', reason: 'DEAUTHORIZED_AT_ZOOM' });
});

test.each([
  ['two hours after the consent ends the connection', 120 * MINUTE, false, 'REVOKED'],
  ['soon after the consent ends the connection if Zoom refuses its token', 10 * MINUTE, true, 'REVOKED'],
  ['soon after the consent changes nothing while Zoom accepts its token', 10 * MINUTE, false, 'CONNECTED'],
])('a deauthorization without any time, %s', async (_what, age, isRemoved, status) => {
  harness.sandbox.control.updateApp({ published: false });
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  await harness.advance(age);
  if (isRemoved) await harness.sandbox.control.uninstall(zoomUserId);
  const body = { event: 'app_deauthorized', payload: { user_id: zoomUserId } };
  expect((await post(JSON.stringify(body))).status).toBe(200);
  expect(await connectionOf(userId)).toMatchObject({ status });
});

test('a deauthorization that names no user is answered 200, logged and counted', async () => {
  const body = { event: 'app_deauthorized', event_ts: nowMs(), payload: { object: { id: 'somebody' } } };
  expect(await post(JSON.stringify(body))).toEqual({ status: 200, counted: { unknown_user: 1 } });
  expect(harness.log.lines).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      msg: 'a deauthorization does not tell which user removed the app',
    }),
  );
  expect(harness.log.text()).not.toContain('somebody');
});

test('a deauthorization of another app is counted as such', async () => {
  const body = { event: 'app_deauthorized', payload: { user_id: 'somebody', client_id: 'another-app' } };
  expect(await post(JSON.stringify(body))).toEqual({ status: 200, counted: { other_app: 1 } });
});

test.each([undefined, 'text/plain', 'application/json;charset=', 'nonsense', 'multipart/form-data'])(
  'an event of the content type %s is taken',
  async (type) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    expect((await post('{"event":"meeting.started"}', headers)).status).toBe(200);
  },
);

test('an event of a megabyte is taken', async () => {
  const event = JSON.stringify({ event: 'recording.completed', payload: { object: 'a'.repeat(1_000_000) } });
  expect((await post(event)).status).toBe(200);
});

test.each(['GET', 'HEAD', 'PUT', 'DELETE'])('%s is not allowed', async (method) => {
  const answer = await fetch(`${harness.url}/api/zoom/webhook`, { method });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
});

test('an unsigned request is refused', async () => {
  const answer = await fetch(`${harness.url}/api/zoom/webhook`, {
    method: 'POST',
    body: '{"event":"app_deauthorized"}',
  });
  expect(answer.status).toBe(401);
});

test('an event of a kind unknown here is taken', async () => {
  const order = { event: 'meeting.started', payload: { account_id: 'a', object: { id: '1' } } };
  expect(statusesOf(await harness.sandbox.control.sendWebhook(order))).toEqual([200]);
});

test('without a webhook the removal shows at the next call, as a refused refresh token', async () => {
  harness.sandbox.control.updateApp({ published: false });
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  await harness.sandbox.control.uninstall(zoomUserId);
  const { errors } = await harness.graphql(userId, PROFILE);
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'ZOOM_REAUTHORIZATION_REQUIRED',
    reason: 'REFRESH_TOKEN_REJECTED',
  });
  expect(await connectionOf(userId)).toMatchObject({ status: 'REAUTHORIZATION_REQUIRED' });
});
