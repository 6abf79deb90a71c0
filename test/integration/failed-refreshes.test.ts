import { type Harness, someUser, startHarness } from '../support/harness.js';

const MINUTE = 60_000;
const PROFILE = '{ zoomProfile { id } }';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const kept = async (userId: string) =>
  (await harness.database.models.auditEvents.find({ userId, type: 'refresh.failed' }).lean()).map(
    ({ cause }) => cause,
  );
const counted = async () => {
  const text = await (await fetch(`${harness.url}/metrics`)).text();
  const line = /^zoom_grant_events_total\{type="refresh.failed",cause="ZOOM_UNAVAILABLE"\} (\d+)$/m.exec(
    text,
  );
  return Number(line?.[1] ?? 0);
};
const outage = (status: number) =>
  harness.sandbox.control.injectFault({ target: 'token', kind: 'status', status, times: 1_000 });

test('an outage leaves one event of a grant an hour in the trail, and the metric counts every failure', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.advance(2 * 3_600_000);
  const countedBefore = await counted();
  outage(503);
  for (let minute = 0; minute < 125; minute += 5) {
    await harness.graphql(userId, PROFILE);
    await harness.advance(5 * MINUTE);
  }
  expect(await kept(userId)).toEqual(['ZOOM_UNAVAILABLE', 'ZOOM_UNAVAILABLE', 'ZOOM_UNAVAILABLE']);
  const row = await harness.database.models.grants.findOne({ userId }).lean();
  expect(row?.refreshErrorCount).toBeGreaterThanOrEqual(25);
  expect((await counted()) - countedBefore).toBe(row?.refreshErrorCount);

  // After a success the next failure is the first of a new row.
  harness.sandbox.control.clearFaults();
  expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
  expect(await harness.database.models.grants.findOne({ userId }).lean()).not.toHaveProperty(
    'recordedFailure',
  );
  await harness.advance(56 * MINUTE);
  outage(503);
  await harness.graphql(userId, PROFILE);
  expect(await kept(userId)).toHaveLength(4);
});
