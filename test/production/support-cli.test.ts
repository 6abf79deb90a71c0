import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { formerRow } from '../support/foreign-rows.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

const SUPPORT = join(import.meta.dirname, '../../dist/cli/support.js');

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** Runs the tool with the address of the database and nothing else. */
const support = (args: string[], mongodbUri = harness.config.mongodbUri.reveal()) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const env = { NODE_ENV: 'production', MONGODB_URI: mongodbUri };
    execFile(process.execPath, [SUPPORT, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });

/** A user whose refresh token Zoom has refused. */
async function refusedUser(): Promise<string> {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  await harness.sandbox.control.uninstall(zoomUserId);
  await harness.graphql(userId, '{ zoomProfile { id } }');
  return userId;
}

test('why: the tool tells status, reason, history and what to do, and shows no token', async () => {
  const userId = await refusedUser();
  const { code, stdout, stderr } = await support(['why', '--user', userId]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`User:    ${userId}`);
  expect(stdout).toContain('Reason:  REFRESH_TOKEN_REJECTED: Zoom refused the refresh token');
  expect(stdout).toContain('To do:   Ask the user to connect again.');
  const order = ['went to Zoom', 'was connected', 'the connection ended'].map((part) => stdout.indexOf(part));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order.every((place) => place >= 0)).toBe(true);
  expect(stdout).not.toMatch(/eyJ/);
});

test('why: an event that still waits in the row of the grant is told too', async () => {
  const userId = await refusedUser();
  const { auditEvents, grants } = harness.database.models;
  const event = await auditEvents.findOne({ userId, type: 'grant.ended' }).lean();
  await auditEvents.deleteOne({ userId, type: 'grant.ended' });
  await grants.updateOne({ userId }, { $set: { outbox: [event], outboxSince: event?.occurredAt } });
  const { stdout } = await support(['why', userId]);
  expect(stdout).toContain('the connection ended');
  expect((await grants.findOne({ userId }).lean())?.outbox).toHaveLength(1);
});

test('why: a user who has never connected is NOT_CONNECTED, whatever rows of others there are', async () => {
  const userId = someUser();
  await harness.database.models.grants.collection.insertOne(formerRow({ userId }));
  const { code, stdout } = await support(['why', userId]);
  expect(code).toBe(0);
  expect(stdout).toContain('NOT_CONNECTED');
});

test('contact: users since an instant, by reason, as NDJSON and as CSV', async () => {
  await harness.advance(60_000);
  const since = harness.clock().toISOString();
  const refused = [await refusedUser(), await refusedUser()];
  const revoked = someUser();
  await harness.connect(revoked);
  await harness.graphql(revoked, 'mutation { revokeZoom { revokedAtZoom } }');
  const ndjson = await support(['contact', '--since', since, '--reason', 'REFRESH_TOKEN_REJECTED']);
  const rows = ndjson.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);
  expect(rows.map(({ userId }) => userId)).toEqual(refused.toReversed());
  expect(rows[0]).toMatchObject({ status: 'REAUTHORIZATION_REQUIRED', reason: 'REFRESH_TOKEN_REJECTED' });
  const csv = await support(['contact', '--since', since, '--status', 'REVOKED', '--format', 'csv']);
  expect(csv.stdout).toMatch(
    new RegExp(`^userId,status,reason,since\\n${revoked},REVOKED,REVOKED_BY_USER,[0-9TZ:.-]+\\n$`),
  );
  const all = await support(['contact', '--since', since]);
  expect(all.stdout.match(/"userId"/g)).toHaveLength(2);
});

test('nothing is written: no row changes, and an index that is missing stays missing', async () => {
  const userId = await refusedUser();
  const { grants, auditEvents } = harness.database.models;
  const stored = async () => [
    await grants.findOne({ userId }).lean(),
    await auditEvents.find({ userId }).sort({ occurredAt: 1 }).lean(),
    (await grants.collection.listIndexes().toArray()).map(({ name }) => name as string),
  ];
  await grants.collection.dropIndex('contest');
  const before = await stored();
  expect((await support(['why', userId])).code).toBe(0);
  expect((await support(['contact'])).code).toBe(0);
  expect(await stored()).toEqual(before);
});

test.each([
  [['--help'], 0],
  [['erase'], 2],
])('%j ends with code %i and says how to use it', async (args, code) => {
  const answer = await support(args);
  expect(answer).toMatchObject({ code, stdout: expect.stringContaining('support why --user ID') as string });
});

test('without an address of the database the tool says what is missing', async () => {
  const { code, stderr } = await support(['why', 'user-1'], '');
  expect(code).toBe(1);
  expect(stderr).toContain('MONGODB_URI');
});
