import { isEverythingDelivered } from '../support/books.js';
import { Cluster } from '../support/cluster.js';
import { isConnectionEvent, isHolderWrite } from '../support/database-proxy.js';
import { type EventsReceiver, startEventsReceiver } from '../support/events-receiver.js';
import { someUser } from '../support/harness.js';
import { until } from '../support/waiting.js';

let receiver: EventsReceiver;
let cluster: Cluster;
beforeEach(async () => {
  receiver = await startEventsReceiver();
  const env = {
    EVENTS_WEBHOOK_URL: receiver.url,
    EVENTS_WEBHOOK_SECRETS: receiver.secret,
    SHUTDOWN_TIMEOUT_MS: '8000',
  };
  cluster = await Cluster.start(2, { env });
}, 60_000);
afterEach(async () => {
  const contradictions = await cluster.contradictions().finally(() => cluster.close());
  await receiver.close();
  expect(contradictions).toEqual([]);
});

test('an end that a late write heals is reported, and so is the recovery', async () => {
  const userId = await cluster.expiredUser(someUser());
  await receiver.expectAccepted(userId, '1 CONNECTED');
  cluster.proxies[0]?.interfere((command) => (isHolderWrite(command) ? 'refuse' : undefined));
  await cluster.profile(0, userId);
  const answer = await cluster.profile(1, userId);
  expect(answer.errors?.[0]?.extensions).toMatchObject({ reason: 'ROTATION_LOST' });
  const broken = ['1 CONNECTED', '2 REAUTHORIZATION_REQUIRED ROTATION_LOST'];
  await receiver.expectAccepted(userId, ...broken);
  cluster.proxies[0]?.interfere(undefined);
  await cluster.contestSettled(userId);
  await receiver.expectAccepted(userId, ...broken, '3 CONNECTED');
}, 90_000);

test('killed between a change and its entry in the outbox: the next change of the grant sends the event', async () => {
  cluster.proxies[0]?.interfere((command) => (isConnectionEvent(command) ? 'swallow' : undefined));
  const userId = someUser();
  // An event that cannot be enqueued does not delay the user.
  await cluster.connect(userId);
  expect(cluster.proxies[0]?.interferences).toBe(1);
  await cluster.processes[0]?.kill();
  expect(receiver.accepted(userId)).toEqual([]);
  await cluster.ask(1, userId, 'mutation { refreshZoomToken { connection { status } } }');
  await receiver.expectAccepted(userId, '1 CONNECTED');
}, 60_000);

test('many changes at once, in two processes: the last event of each user is true', async () => {
  const users = Array.from({ length: 5 }, someUser);
  for (const userId of users) await cluster.connect(userId);
  receiver.answers.push(500, 500, 500);
  const revoke = 'mutation { revokeZoom { connection { status } } }';
  await Promise.all(
    users.flatMap((userId) => [cluster.ask(0, userId, revoke), cluster.connect(userId).catch(() => '')]),
  );
  await until(() => isEverythingDelivered(cluster.database.models), 90_000);
  for (const userId of users) {
    const { status } = await cluster.connection(1, userId);
    expect(receiver.accepted(userId).at(-1)).toMatch(new RegExp(`^\\d+ ${status}`));
  }
}, 120_000);

test('SIGTERM during a round: the process ends with code 0 after the delivery under way, however slow the receiver is', async () => {
  await cluster.processes[1]?.kill();
  const users = Array.from({ length: 8 }, someUser);
  receiver.answers.push(...users.map(() => 500));
  for (const userId of users) await cluster.connect(userId);
  await until(() => receiver.received.length === users.length);
  receiver.delayMs = 4_000;
  // The first round, 30 seconds after the start of the process, sends the events again.
  await until(() => receiver.received.length > users.length, 40_000);
  const began = performance.now();
  expect(await cluster.terminate(0)).toBe(0);
  expect(performance.now() - began).toBeLessThan(5_500);
  expect(receiver.received).toHaveLength(users.length + 1);
  const ever = new Date(8.64e15);
  const due = await cluster.database.models.connectionEvents.countDocuments({ dueAt: { $lte: ever } });
  expect(due).toBe(users.length - 1);
}, 90_000);
