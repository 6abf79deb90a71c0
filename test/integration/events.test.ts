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

const rowOf = (userId: string) => harness.database.models.announcements.findById(userId).lean();
/** The messages have been taken, and the server knows. */
const isTold = async (userId: string, ...messages: string[]) => {
  await receiver.expectTold(userId, ...messages);
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
  await isTold(userId, '1 CONNECTED');
  return { userId, zoomUserId };
}

/** The last try is over and the next one put off. */
const isPutOff = (userId: string) =>
  until(async () => {
    const { dueAt = new Date(8.64e15) } = (await rowOf(userId)) ?? {};
    return dueAt.getTime() - harness.clock().getTime() < 20_000;
  });

/** A connected user whose disconnect the receiver has not taken. */
async function untoldDisconnect(answer: number | 'hang'): Promise<string> {
  const { userId } = await connectedUser();
  receiver.answers.push(answer);
  await harness.graphql(userId, REVOKE);
  await until(() => receiver.received.length === 2);
  if (answer !== 'hang') await isPutOff(userId);
  return userId;
}

test('the platform is told when a user connects, disconnects and connects again', async () => {
  const { userId } = await connectedUser();
  await harness.graphql(userId, REVOKE);
  await isTold(userId, '1 CONNECTED', '2 REVOKED REVOKED_BY_USER');
  await harness.connect(userId);
  await isTold(userId, '1 CONNECTED', '2 REVOKED REVOKED_BY_USER', '3 CONNECTED');
  expect(await attempts('delivered')).toBe(3);
});

test('a message says the same as the API', async () => {
  const { userId } = await connectedUser();
  const { data } = await harness.graphql(userId, '{ zoomConnection { userId status reason since } }');
  const [{ event } = {}] = receiver.received;
  expect(event?.type).toBe('zoom_connection.changed');
  expect(event?.data).toEqual({ ...data.zoomConnection, sequence: 1 });
  expect(event?.timestamp).toBe(data.zoomConnection.since);
});

test('every message is signed with each secret, as Standard Webhooks describes it', async () => {
  await connectedUser();
  const { headers, body } = receiver.received[0] as EventsReceiver['received'][0];
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const signatures = [FURTHER_SECRET, receiver.secret].map((secret) => {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  });
  expect(headers['webhook-signature']).toBe(signatures.join(' '));
  expect(headers['content-type']).toBe('application/json');
});

test('a refused refresh token is told as REAUTHORIZATION_REQUIRED with its reason', async () => {
  const { userId, zoomUserId } = await connectedUser();
  await harness.sandbox.control.uninstall(zoomUserId);
  await harness.graphql(userId, REFRESH);
  await isTold(userId, '1 CONNECTED', '2 REAUTHORIZATION_REQUIRED REFRESH_TOKEN_REJECTED');
});

test('a takeover tells of both users', async () => {
  const { userId, zoomUserId } = await connectedUser();
  const heir = someUser();
  await harness.connect(heir, { zoomUserId });
  await isTold(userId, '1 CONNECTED', '2 REAUTHORIZATION_REQUIRED SUPERSEDED');
  await isTold(heir, '1 CONNECTED');
});

test('neither a refresh nor an outage of Zoom is told', async () => {
  const { userId } = await connectedUser();
  await harness.graphql(userId, REFRESH);
  harness.sandbox.control.injectFault({ target: 'refresh', kind: 'status', status: 503 });
  await harness.graphql(userId, REFRESH);
  await harness.server.maintain();
  expect(receiver.received).toHaveLength(1);
});

test.each([500, 410, 404, 302, 'hang' as const])(
  'a message that is answered %s is sent again, under the same id, until it is taken',
  async (answer) => {
    const userId = await untoldDisconnect(answer);
    await harness.server.maintain();
    expect(receiver.received).toHaveLength(2);
    // Nobody waits longer for an answer than a claim lasts.
    await harness.advance(answer === 'hang' ? 61_000 : 6_000);
    await harness.server.maintain();
    await isTold(userId, '1 CONNECTED', '2 REVOKED REVOKED_BY_USER');
    const [, first, second] = receiver.received;
    expect(second?.event).toEqual(first?.event);
  },
);

test('a message that is not taken is logged and counted, without its address and its secrets', async () => {
  const userId = await untoldDisconnect(500);
  await until(async () => (await attempts('failed')) === 1);
  expect(harness.log.lines).toContainEqual(
    expect.objectContaining({ userId, attempts: 1, msg: 'announcement not taken, will be repeated' }),
  );
  expect(JSON.stringify(harness.log.lines)).not.toMatch(/receivers-own|whsec_/);
});

test('the pause doubles with each try in vain, and a change is told at once all the same', async () => {
  const userId = await untoldDisconnect(500);
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
  await isTold(userId, '1 CONNECTED', '2 CONNECTED');
});

test('after an outage of the receiver only what is true then is told', async () => {
  const userId = await untoldDisconnect(500);
  receiver.answers.push(500);
  await harness.connect(userId);
  await until(() => receiver.received.length === 3);
  await harness.graphql(userId, REVOKE);
  await isTold(userId, '1 CONNECTED', '2 REVOKED REVOKED_BY_USER');
});

test('a round ends at the first message that is not taken: there is one receiver', async () => {
  await untoldDisconnect(500);
  const { userId } = await connectedUser();
  receiver.answers.push(500);
  await harness.graphql(userId, REVOKE);
  await until(() => receiver.received.length === 4);
  await isPutOff(userId);
  await harness.advance(6_000);
  receiver.answers.push(500);
  await harness.server.maintain();
  expect(receiver.received).toHaveLength(5);
});

test('two messages that cross are followed by one more, so that the last word is true', async () => {
  const userId = await untoldDisconnect('hang');
  await harness.connect(userId);
  await isTold(userId, '1 CONNECTED', '2 CONNECTED');
  // What hung is taken after all, by a receiver who now believes in an end.
  receiver.releaseHung();
  await isTold(userId, '1 CONNECTED', '2 CONNECTED', '2 REVOKED REVOKED_BY_USER', '3 CONNECTED');
});

test('a change that comes while a message is under way is told too', async () => {
  const userId = someUser();
  receiver.answers.push('hang', 500);
  await harness.connect(userId);
  await until(() => receiver.received.length === 1);
  await harness.graphql(userId, REVOKE);
  await until(() => receiver.received.length === 2);
  await isPutOff(userId);
  receiver.releaseHung();
  await until(async () => (await rowOf(userId))?.sequence === 1);
  await harness.advance(6_000);
  await harness.server.maintain();
  await isTold(userId, '1 CONNECTED', '2 REVOKED REVOKED_BY_USER');
});

test('a change whose process died before it was noted is told after the next round, once', async () => {
  const { userId } = await connectedUser();
  const { announcements, auditEvents, grants } = harness.database.models;
  const event = await auditEvents.findOne({ userId, type: 'grant.authorized' }).lean();
  await announcements.deleteOne({ _id: userId });
  await grants.updateOne({ userId }, { $set: { outbox: [event], outboxSince: event?.occurredAt } });
  await harness.advance(60_000);
  await harness.server.maintain();
  await harness.server.maintain();
  await isTold(userId, '1 CONNECTED', '1 CONNECTED');
  expect(new Set(receiver.received.map(({ event }) => event.id)).size).toBe(1);
});

test('a shutdown waits for a message that is under way', async () => {
  const userId = someUser();
  receiver.delayMs = 500;
  await harness.connect(userId);
  await until(() => receiver.received.length === 1);
  expect(await harness.server.close()).toBe(true);
  expect(receiver.told(userId)).toEqual(['1 CONNECTED']);
});
