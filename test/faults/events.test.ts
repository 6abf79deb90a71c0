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
  const env = { EVENTS_WEBHOOK_URL: receiver.url, EVENTS_WEBHOOK_SECRETS: receiver.secret };
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
  await cluster.madeUp(userId);
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
