import { type AuditEvent } from '../../src/models/audit-event.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

const MINUTE = 60_000;

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const trailOf = async (userId: string) =>
  (await harness.database.models.auditEvents.find({ userId }).sort({ occurredAt: 1 }).lean()).map(
    ({ type, cause }) => (cause ? `${type} ${cause}` : type),
  );
const rowOf = (userId: string) => harness.database.models.grants.findOne({ userId }).lean();
const counted = async (event: string) => {
  const metrics = await (await fetch(`${harness.url}/metrics`)).text();
  return Number(
    new RegExp(`^zoom_grant_events_total\\{type="${event}",cause=""\\} (\\d+)$`, 'm').exec(metrics)?.[1],
  );
};

/** A user whose last change stands as a process leaves it that dies between the change and its event. */
async function userWithLeftover(): Promise<string> {
  const userId = someUser();
  await harness.connect(userId);
  const { auditEvents, grants } = harness.database.models;
  const event = (await auditEvents
    .findOneAndDelete({ userId, type: 'grant.authorized' })
    .lean()) as AuditEvent;
  await grants.updateOne({ userId }, { $set: { outbox: [event], outboxSince: event.occurredAt } });
  return userId;
}

test('each change of a connection is in the trail, and then no longer with the row', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.graphql(userId, 'mutation { refreshZoomToken { connection { status } } }');
  await harness.graphql(userId, 'mutation { revokeZoom { revokedAtZoom } }');
  expect(await trailOf(userId)).toEqual([
    'authorization.started',
    'grant.authorized',
    'access_token.refreshed USER_REQUEST',
    'grant.revoked REVOKED_BY_USER',
    'revocation.completed REVOKED',
  ]);
  expect(await rowOf(userId)).not.toHaveProperty('outbox');
});

test('an event that its process did not live to publish is in the trail after the next round, once', async () => {
  const userId = await userWithLeftover();
  const before = await counted('grant.authorized');
  await harness.advance(MINUTE);
  await harness.server.maintain();
  await harness.server.maintain();
  expect(await trailOf(userId)).toEqual(['authorization.started', 'grant.authorized']);
  expect(await rowOf(userId)).not.toHaveProperty('outbox');
  expect(await counted('grant.authorized')).toBe(before + 1);
});

test('the next change publishes what the last one left, so that nothing is written over', async () => {
  const refreshed = await userWithLeftover();
  await harness.graphql(refreshed, 'mutation { refreshZoomToken { connection { status } } }');
  expect(await trailOf(refreshed)).toEqual([
    ...['authorization.started', 'grant.authorized', 'access_token.refreshed USER_REQUEST'],
  ]);
  const revoked = await userWithLeftover();
  await harness.graphql(revoked, 'mutation { revokeZoom { revokedAtZoom } }');
  expect(await trailOf(revoked)).toEqual([
    ...['authorization.started', 'grant.authorized', 'grant.revoked REVOKED_BY_USER'],
    'revocation.completed REVOKED',
  ]);
});

test('an event that is in the trail already is not counted again', async () => {
  const userId = someUser();
  await harness.connect(userId);
  const { auditEvents, grants } = harness.database.models;
  const event = (await auditEvents.findOne({ userId, type: 'grant.authorized' }).lean()) as AuditEvent;
  await grants.updateOne({ userId }, { $set: { outbox: [event], outboxSince: event.occurredAt } });
  const before = await counted('grant.authorized');
  await harness.advance(MINUTE);
  await harness.server.maintain();
  expect(await rowOf(userId)).not.toHaveProperty('outbox');
  expect(await counted('grant.authorized')).toBe(before);
});
