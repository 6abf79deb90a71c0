import { WEBHOOK_PATH } from '../../src/http/webhook-route.js';
import { SANDBOX_CLIENT_ID, SANDBOX_WEBHOOK_SECRET_TOKEN } from '../../src/dev/sandbox/sandbox.js';
import { Cluster } from '../support/cluster.js';
import { someUser } from '../support/harness.js';
import { until } from '../support/waiting.js';
import { shareCluster } from '../support/shared-cluster.js';

type WebhookOrder = NonNullable<Parameters<Cluster['sandbox']['control']['sendWebhook']>[0]>;

const MINUTE = 60_000;
const REFRESH = 'mutation { refreshZoomToken { connection { status } } }';
const CONNECTED = { status: 'CONNECTED', reason: null, nextAction: 'NONE' };
const DEAUTHORIZED = { status: 'REVOKED', reason: 'DEAUTHORIZED_AT_ZOOM', nextAction: 'RECONNECT' };

let cluster: Cluster;
shareCluster(
  async () =>
    (cluster = await Cluster.start(2, { env: { ZOOM_WEBHOOK_SECRET_TOKEN: SANDBOX_WEBHOOK_SECRET_TOKEN } })),
);
beforeEach(() => {
  sendWebhooksTo(0);
});

/** A published app's events go to one process. */
function sendWebhooksTo(process: number): void {
  const webhookUrl = `${cluster.processes[process]?.url}${WEBHOOK_PATH}`;
  cluster.sandbox.control.updateApp({ published: true, webhookUrl });
}

/** That a user has removed the app so long from now. */
function removal(zoomUserId: string, inMs: number): WebhookOrder {
  const deauthorizedAt = new Date(Date.now() + inMs).toISOString();
  const payload = { user_id: zoomUserId, client_id: SANDBOX_CLIENT_ID, deauthorization_time: deauthorizedAt };
  return { event: 'app_deauthorized', payload };
}

/** Sends an event and answers the status of each copy. */
async function send(order: WebhookOrder): Promise<(number | null | undefined)[]> {
  const deliveries = await cluster.sandbox.control.sendWebhook(order);
  return deliveries.map(({ attempts }) => attempts.at(-1)?.status);
}

async function expectEverywhere(userId: string, connection: object): Promise<void> {
  for (const process of [0, 1]) expect(await cluster.connection(process, userId)).toEqual(connection);
}

const removals = async (userId: string) =>
  (await cluster.booksOf(userId)).events.filter((event) => event === 'grant.revoked DEAUTHORIZED_AT_ZOOM');

/** A connected user whose refresh Zoom has granted to the second process, the answer still on its way. */
async function refreshingUser() {
  const userId = someUser();
  const zoomUserId = await cluster.connect(userId);
  const { control } = cluster.sandbox;
  control.resetCounters();
  control.injectFault({ target: 'refresh', kind: 'delay', ms: 60_000, hold: 'answer' });
  const refresh = cluster.ask(1, userId, REFRESH);
  await until(() => control.counters().refreshes.granted === 1);
  return { userId, zoomUserId, refresh };
}

test('uninstalled with a webhook: REVOKED / DEAUTHORIZED_AT_ZOOM at every process at once', async () => {
  const userId = someUser();
  await cluster.sandbox.control.uninstall(await cluster.connect(userId));
  await expectEverywhere(userId, DEAUTHORIZED);
  expect(await removals(userId)).toHaveLength(1);
});

test('uninstalled without a webhook: found out by the next call, and no other story before or after', async () => {
  cluster.sandbox.control.updateApp({ published: false });
  const userId = someUser();
  await cluster.sandbox.control.uninstall(await cluster.connect(userId));
  await expectEverywhere(userId, CONNECTED);
  expect(await cluster.contradictions({ deadUnnoticed: [userId] })).toEqual([]);
  const told = { code: 'ZOOM_REAUTHORIZATION_REQUIRED', reason: 'REFRESH_TOKEN_REJECTED' };
  for (const process of [0, 1])
    expect((await cluster.profile(process, userId)).errors?.[0]?.extensions).toEqual(told);
  expect((await cluster.booksOf(userId)).events).toContain('grant.ended REFRESH_TOKEN_REJECTED');
});

test('five copies of an event at each process at once end the connection once', async () => {
  const userId = someUser();
  const order = { ...removal(await cluster.connect(userId), 10 * MINUTE), times: 5 };
  const first = send(order);
  sendWebhooksTo(1);
  expect([...(await first), ...(await send(order))]).toEqual(Array(10).fill(200));
  await expectEverywhere(userId, DEAUTHORIZED);
  expect(await removals(userId)).toHaveLength(1);
});

test.each([
  ['forged', { badSignature: true }],
  ['replayed after ten minutes', { timestampOffsetMs: -10 * MINUTE }],
  ['from ten minutes ahead', { timestampOffsetMs: 10 * MINUTE }],
])('an event that is %s changes nothing, and the genuine one ends the connection', async (_what, flaw) => {
  const userId = someUser();
  const order = removal(await cluster.connect(userId), 10 * MINUTE);
  expect(await send({ ...order, ...flaw })).toEqual([401]);
  await expectEverywhere(userId, CONNECTED);
  expect(await send(order)).toEqual([200]);
  await expectEverywhere(userId, DEAUTHORIZED);
});

test.each([
  ['an hour', -60 * MINUTE],
  ['a second', -1_000],
])('an event from %s before the reconnect changes nothing at any process', async (_age, inMs) => {
  const userId = someUser();
  const zoomUserId = await cluster.connect(userId);
  await cluster.connect(userId, zoomUserId);
  expect(await send(removal(zoomUserId, inMs))).toEqual([200]);
  await expectEverywhere(userId, CONNECTED);
  expect((await cluster.profile(1, userId)).errors).toBeUndefined();
});

describe('while a refresh is under way at another process', () => {
  const refused = () => cluster.sandbox.control.requests().some(({ status }) => status === 401);

  test('an event from an hour before the reconnect changes nothing', async () => {
    const { userId, zoomUserId, refresh } = await refreshingUser();
    expect(await send(removal(zoomUserId, -60 * MINUTE))).toEqual([200]);
    cluster.sandbox.control.clearFaults();
    expect((await refresh).errors).toBeUndefined();
    await expectEverywhere(userId, CONNECTED);
  });

  test('an event from a second before the reconnect changes nothing: the token to come is asked about', async () => {
    const { userId, zoomUserId, refresh } = await refreshingUser();
    const sent = send(removal(zoomUserId, -1_000));
    await until(refused);
    cluster.sandbox.control.clearFaults();
    expect(await sent).toEqual([200]);
    expect((await refresh).errors).toBeUndefined();
    await expectEverywhere(userId, CONNECTED);
    expect((await cluster.profile(0, userId)).errors).toBeUndefined();
  });

  test('an event that cannot be told from an older one while the refresh lasts is for Zoom to send again', async () => {
    const { userId, zoomUserId, refresh } = await refreshingUser();
    // No answer within three seconds is as good as a 500: Zoom sends it again.
    expect([500, null]).toContain((await send(removal(zoomUserId, -1_000)))[0]);
    await expectEverywhere(userId, CONNECTED);
    cluster.sandbox.control.clearFaults();
    expect((await refresh).errors).toBeUndefined();
    await cluster.sandbox.control.uninstall(zoomUserId);
    await expectEverywhere(userId, DEAUTHORIZED);
  });

  test('an uninstall with a webhook ends the connection: no token that the refresh brings is kept', async () => {
    const { userId, zoomUserId, refresh } = await refreshingUser();
    const uninstalled = cluster.sandbox.control.uninstall(zoomUserId);
    await until(refused);
    cluster.sandbox.control.clearFaults();
    await uninstalled;
    await refresh;
    await expectEverywhere(userId, DEAUTHORIZED);
    expect(await removals(userId)).toHaveLength(1);
    const { refreshTokenLive, accessTokenLive } = await cluster.booksOf(userId);
    expect([refreshTokenLive, accessTokenLive]).toEqual([undefined, undefined]);
  });
});
