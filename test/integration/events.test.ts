import { createHmac } from 'node:crypto';
import { Secret } from '../../src/lib/secret.js';
import { type EventsReceiver, signingSecret, startEventsReceiver } from '../support/events-receiver.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';
import { until } from '../support/waiting.js';

const FURTHER_SECRET = signingSecret();
const REFRESH = 'mutation { refreshZoomToken { connection { status } } }';
const REVOKE = 'mutation { revokeZoom { revokedAtZoom } }';

let receiver: EventsReceiver;
let harness: Harness;
beforeEach(async () => {
  receiver = await startEventsReceiver();
  const secrets = [new Secret(FURTHER_SECRET), new Secret(receiver.secret)];
  harness = await startHarness({
    config: { events: { endpoint: { url: new Secret(receiver.url), secrets } } },
  });
});
afterEach(async () => {
  receiver.releaseHung();
  await harness.close();
  await receiver.close();
  expect(receiver.refused).toBe(0);
});

const rowOf = (userId: string) => harness.database.models.connectionEvents.findById(userId).lean();
/** Waits until the user's accepted events are these, and the server knows it. */
const expectDelivered = async (userId: string, ...events: string[]) => {
  await receiver.expectAccepted(userId, ...events);
  await until(async () => (await rowOf(userId))?.dueAt === undefined);
};
const attempts = async (outcome: string) => {
  const metrics = await (await fetch(`${harness.url}/metrics`)).text();
  const line = new RegExp(`^zoom_connection_events_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm');
  return Number(line.exec(metrics)?.[1] ?? 0);
};

async function connectedUser(): Promise<{ userId: string; zoomUserId: string }> {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  await expectDelivered(userId, '1 CONNECTED');
  return { userId, zoomUserId };
}

/** Waits until the last try is over and the next one is postponed. */
const postponed = (userId: string) =>
  until(async () => {
    const { dueAt = new Date(8.64e15) } = (await rowOf(userId)) ?? {};
    return dueAt.getTime() - harness.clock().getTime() < 20_000;
  });

/** A connected user whose disconnect the receiver has not accepted. */
async function undeliveredDisconnect(answer: number | 'hang'): Promise<string> {
  const { userId } = await connectedUser();
  receiver.answers.push(answer);
  await harness.graphql(userId, REVOKE);
  await until(() => receiver.received.length === 2);
  if (answer !== 'hang') await postponed(userId);
  return userId;
}

test('the platform receives an event when a user connects, disconnects and connects again', async () => {
  const { userId } = await connectedUser();
  await harness.graphql(userId, REVOKE);
  await expectDelivered(userId, '1 CONNECTED', '2 REVOKED REVOKED_BY_USER');
  await harness.connect(userId);
  await expectDelivered(userId, '1 CONNECTED', '2 REVOKED REVOKED_BY_USER', '3 CONNECTED');
  expect(await attempts('delivered')).toBe(3);
});

test('an event says the same as the API', async () => {
  const { userId } = await connectedUser();
  const { data } = await harness.graphql(userId, '{ zoomConnection { userId status reason since } }');
  const [{ event } = {}] = receiver.received;
  expect(event?.type).toBe('zoom_connection.changed');
  expect(event?.data).toEqual({ ...data.zoomConnection, sequence: 1 });
  expect(event?.timestamp).toBe(data.zoomConnection.since);
});

test('every event is signed with each secret, as Standard Webhooks describes it', async () => {
  await connectedUser();
  const [received] = receiver.received;
  if (!received) throw new Error('no event was received');
  const { headers, body } = received;
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const signatures = [FURTHER_SECRET, receiver.secret].map((secret) => {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  });
  expect(headers['webhook-signature']).toBe(signatures.join(' '));
  expect(headers['content-type']).toBe('application/json');
});

test('a refused refresh token is reported as REAUTHORIZATION_REQUIRED with its reason', async () => {
  const { userId, zoomUserId } = await connectedUser();
  await harness.sandbox.control.uninstall(zoomUserId);
  await harness.graphql(userId, REFRESH);
  await expectDelivered(userId, '1 CONNECTED', '2 REAUTHORIZATION_REQUIRED REFRESH_TOKEN_REJECTED');
});

test('a takeover sends an event for both users', async () => {
  const { userId, zoomUserId } = await connectedUser();
  const heir = someUser();
  await harness.connect(heir, { zoomUserId });
  await expectDelivered(userId, '1 CONNECTED', '2 REAUTHORIZATION_REQUIRED SUPERSEDED');
  await expectDelivered(heir, '1 CONNECTED');
});

test('neither a refresh nor an outage of Zoom sends an event', async () => {
  const { userId } = await connectedUser();
  await harness.graphql(userId, REFRESH);
  harness.sandbox.control.injectFault({ target: 'refresh', kind: 'status', status: 503 });
  await harness.graphql(userId, REFRESH);
  await harness.server.maintain();
  expect(receiver.received).toHaveLength(1);
});

test.each([500, 410, 404, 302, 'hang' as const])(
  'an event that is answered %s is sent again, under the same id, until it is accepted',
  async (answer) => {
    const userId = await undeliveredDisconnect(answer);
    await harness.server.maintain();
    expect(receiver.received).toHaveLength(2);
    // The visibility timeout is longer than the wait for an answer.
    await harness.advance(answer === 'hang' ? 61_000 : 6_000);
    await harness.server.maintain();
    await expectDelivered(userId, '1 CONNECTED', '2 REVOKED REVOKED_BY_USER');
    const [, first, second] = receiver.received;
    expect(second?.event).toEqual(first?.event);
  },
);

test('an event that is not accepted is logged and counted, without the address and the secrets of the receiver', async () => {
  const userId = await undeliveredDisconnect(500);
  await until(async () => (await attempts('failed')) === 1);
  expect(harness.log.lines).toContainEqual(
    expect.objectContaining({ userId, attempts: 1, msg: 'event not delivered, will be retried' }),
  );
  expect(JSON.stringify(harness.log.lines)).not.toMatch(/receivers-own|whsec_/);
});

test('the backoff doubles with each failed try, and a new change is still sent at once', async () => {
  const userId = await undeliveredDisconnect(500);
  receiver.answers.push(500, 500);
  await harness.advance(6_000);
  await harness.server.maintain();
  expect(receiver.received).toHaveLength(3);
  await harness.advance(6_000);
  await harness.server.maintain();
  expect(receiver.received).toHaveLength(3);
  await harness.advance(6_000);
  await harness.server.maintain();
  expect(receiver.received).toHaveLength(4);
  await harness.connect(userId);
  await expectDelivered(userId, '1 CONNECTED', '2 CONNECTED');
});

test('after an outage of the receiver only the state at that time is reported', async () => {
  const userId = await undeliveredDisconnect(500);
  receiver.answers.push(500);
  await harness.connect(userId);
  await until(() => receiver.received.length === 3);
  await harness.graphql(userId, REVOKE);
  await expectDelivered(userId, '1 CONNECTED', '2 REVOKED REVOKED_BY_USER');
});

test('a round ends at the first event that is not accepted: there is one receiver', async () => {
  await undeliveredDisconnect(500);
  const { userId } = await connectedUser();
  receiver.answers.push(500);
  await harness.graphql(userId, REVOKE);
  await until(() => receiver.received.length === 4);
  await postponed(userId);
  await harness.advance(6_000);
  receiver.answers.push(500);
  await harness.server.maintain();
  expect(receiver.received).toHaveLength(5);
});

test('two events that cross each other are followed by a third, so that the last one is true', async () => {
  const userId = await undeliveredDisconnect('hang');
  await harness.connect(userId);
  await expectDelivered(userId, '1 CONNECTED', '2 CONNECTED');
  // The receiver now accepts the delayed event last, and believes that the connection has ended.
  receiver.releaseHung();
  await expectDelivered(userId, '1 CONNECTED', '2 CONNECTED', '2 REVOKED REVOKED_BY_USER', '3 CONNECTED');
});

test('a change during a delivery is reported too', async () => {
  const userId = someUser();
  receiver.answers.push('hang', 500);
  await harness.connect(userId);
  await until(() => receiver.received.length === 1);
  await harness.graphql(userId, REVOKE);
  await until(() => receiver.received.length === 2);
  await postponed(userId);
  receiver.releaseHung();
  await until(async () => (await rowOf(userId))?.sequence === 1);
  await harness.advance(6_000);
  await harness.server.maintain();
  await expectDelivered(userId, '1 CONNECTED', '2 REVOKED REVOKED_BY_USER');
});

test('a change whose process died before the event was enqueued is reported once, after the next round', async () => {
  const { userId } = await connectedUser();
  const { connectionEvents, auditEvents, grants } = harness.database.models;
  const event = await auditEvents.findOne({ userId, type: 'grant.authorized' }).lean();
  await connectionEvents.deleteOne({ _id: userId });
  await grants.updateOne({ userId }, { $set: { outbox: [event], outboxSince: event?.occurredAt } });
  await harness.advance(60_000);
  await harness.server.maintain();
  await harness.server.maintain();
  await expectDelivered(userId, '1 CONNECTED', '1 CONNECTED');
  expect(new Set(receiver.received.map(({ event }) => event.id)).size).toBe(1);
});

test('a shutdown waits for a delivery that is under way', async () => {
  const userId = someUser();
  receiver.delayMs = 500;
  await harness.connect(userId);
  await until(() => receiver.received.length === 1);
  expect(await harness.server.close()).toBe(true);
  expect(receiver.accepted(userId)).toEqual(['1 CONNECTED']);
});

test('a shutdown during a round ends after the delivery that is under way, and the other events stay due', async () => {
  const users: string[] = [];
  for (let user = 0; user < 3; user++) {
    receiver.received.length = 0;
    users.push(await undeliveredDisconnect(500));
  }
  await harness.advance(6_000);
  receiver.received.length = 0;
  receiver.delayMs = 700;
  const round = harness.server.maintain();
  await until(() => receiver.received.length === 1);
  expect(await harness.server.close()).toBe(true);
  await round;
  expect(receiver.received).toHaveLength(1);
  const rows = await Promise.all(users.map(rowOf));
  expect(rows.filter((row) => row?.dueAt && row.dueAt <= harness.clock())).toHaveLength(2);
});

test('a delivery that would outlast the shutdown timeout is aborted, and its event is sent again later', async () => {
  const { url } = receiver;
  const endpoint = { url: new Secret(url), secrets: [new Secret(receiver.secret)] };
  await harness.close();
  harness = await startHarness({
    config: { events: { endpoint }, timing: { ...harness.config.timing, shutdownTimeoutMs: 2_000 } },
  });
  const userId = await undeliveredDisconnect('hang');
  const began = performance.now();
  expect(await harness.server.close()).toBe(true);
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(await rowOf(userId)).toMatchObject({ attempts: 1, sequence: 1 });
  await postponed(userId);
});
