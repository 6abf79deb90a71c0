import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { EXPORTED_FIELDS } from '../../src/app/user-data/exported-fields.js';
import { UserData } from '../../src/app/user-data/user-data.js';
import { type Models } from '../../src/models/database.js';
import { type Harness, JWT_SECRET, someUser, startHarness } from '../support/harness.js';
import { inAnHour, meetingOperations, SANDBOX_APP } from '../support/meetings.js';

const USER_DATA = join(import.meta.dirname, '../../dist/cli/user-data.js');
const SECRETS = [
  'zoomAccessToken',
  'zoomRefreshToken',
  'codeVerifier',
  'browserBinding',
  'fingerprint',
  'claim',
];

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness({ config: { fallbacks: { zoomApp: SANDBOX_APP } } });
});
afterEach(() => harness.close());

/** Runs the command as an operator does, from what was built. */
function userData(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { zoom, encryptionKeys, mongodbUri } = harness.config;
  const env = {
    MONGODB_URI: mongodbUri.reveal(),
    TOKEN_ENCRYPTION_KEYS: encryptionKeys
      .map(({ kid, key }) => `${kid}:${Buffer.from(key).toString('base64')}`)
      .join(','),
    ZOOM_USER_MANAGED_CLIENT_ID: zoom.clientId,
    ZOOM_USER_MANAGED_CLIENT_SECRET: zoom.clientSecret.reveal(),
    ZOOM_REDIRECT_URI: zoom.redirectUri,
    ZOOM_OAUTH_BASE_URL: zoom.oauthBaseUrl,
    ZOOM_API_BASE_URL: zoom.apiBaseUrl,
    AUTH_JWT_SECRET: JWT_SECRET,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [USER_DATA, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
    });
  });
}

/** A user who has left something in every collection, and who took over the Zoom account of another user. */
async function activeUser() {
  const [former, userId] = [someUser(), someUser()];
  const { zoomUserId } = await harness.connect(former);
  const meetings = meetingOperations(harness);
  await meetings.create(userId, { ...inAnHour(harness), idempotencyKey: 'a key' });
  await harness.connect(userId, { zoomUserId });
  await harness.graphql(userId, '{ zoomProfile { id } }');
  await harness.graphql(userId, 'mutation { startZoomAuthorization { expiresAt } }');
  const { connectionEvents } = harness.database.models;
  await connectionEvents.create({ _id: userId, attempts: 0, sequence: 3 });
  return { userId, former, zoomUserId };
}

/** The grants of users; that of the platform's own app has no user. */
const aliveAtZoom = () =>
  harness.sandbox.control.grants().filter((grant) => grant.alive && grant.zoomUserId !== '');

/** Every stored document, as text, by collection. */
async function everything(): Promise<Record<string, string>> {
  const { models, connection } = harness.database;
  const collections = [
    ...Object.values(models).map(({ collection }) => collection),
    connection.collection('ratelimits'),
  ];
  const texts: Record<string, string> = {};
  for (const collection of collections)
    texts[collection.collectionName] = JSON.stringify(await collection.find({}).sort({ _id: 1 }).toArray());
  return texts;
}
const whereNamed = async (text: string) =>
  Object.entries(await everything())
    .filter(([, stored]) => stored.includes(text))
    .map(([name]) => name);

test('an export holds what is stored about the user, and neither secrets nor what is about others', async () => {
  const { userId, former, zoomUserId } = await activeUser();
  const { code, stdout, stderr } = await userData('export', '--user', userId);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { data, actions } = JSON.parse(stdout) as Awaited<ReturnType<UserData['export']>>;
  for (const [name, rows] of Object.entries(data))
    expect([name, rows.length > 0]).toEqual([name, name !== 'pendingRevocations']);
  expect(data.grants).toEqual([expect.objectContaining({ userId, zoomUserId, isActive: true })]);
  expect(actions).toEqual([
    expect.objectContaining({
      type: 'grant.superseded',
      deviceInfo: expect.objectContaining({ ipAddress: '127.0.0.1' }),
    }),
  ]);
  expect(stdout).not.toContain(former);
  for (const secret of SECRETS) expect(stdout).not.toContain(secret);
  // A sealed value is a compact JWE.
  expect(stdout).not.toMatch(/eyJ[\w-]+\.\./);
});

test.each(Object.keys(EXPORTED_FIELDS) as (keyof Models)[])('no secret field of %s is exported', (name) => {
  const fields: readonly string[] = EXPORTED_FIELDS[name];
  expect(fields.filter((field) => SECRETS.includes(field))).toEqual([]);
});

test('the former user learns nothing of who took the Zoom account over', async () => {
  const { userId, former } = await activeUser();
  const { stdout } = await userData('export', '--user', former);
  expect(stdout).toContain('grant.superseded');
  expect(stdout).not.toContain(userId);
});

test('without --confirm an erasure says what it would delete and changes nothing', async () => {
  const { userId } = await activeUser();
  const before = await everything();
  const { code, stdout } = await userData('erase', '--user', userId);
  expect(code).toBe(0);
  expect(stdout).toMatch(/grants +1\n/);
  expect(stdout).toContain('Nothing was changed.');
  expect(await everything()).toEqual(before);
  expect(aliveAtZoom()).toHaveLength(1);
});

test('an erasure ends the grant at Zoom and leaves no document that names the user', async () => {
  const { userId, former } = await activeUser();
  const other = someUser();
  await harness.connect(other);
  expect(await whereNamed(userId)).toEqual(
    expect.arrayContaining(['useroauthtokens', 'auditevents', 'ratelimits']),
  );
  const { code, stdout } = await userData('erase', '--user', userId, '--confirm');
  expect(code).toBe(0);
  expect(stdout).toMatch(/The platform hosts these meetings for the user\. Delete them at the host: \d+\n/);
  expect(await whereNamed(userId)).toEqual([]);
  expect(aliveAtZoom()).toHaveLength(1);
  const superseded = await harness.database.models.auditEvents
    .findOne({ userId: former, type: 'grant.superseded' })
    .lean();
  expect(superseded?.actor).toEqual({ kind: 'user' });
  expect(superseded).not.toHaveProperty('deviceInfo');
  expect((await harness.graphql(other, '{ zoomConnection { status } }')).data.zoomConnection.status).toBe(
    'CONNECTED',
  );
  expect((await harness.graphql(userId, '{ zoomConnection { status } }')).data.zoomConnection.status).toBe(
    'NOT_CONNECTED',
  );
});

test('while Zoom cannot be told, nothing is deleted, and the same command finishes later', async () => {
  const { userId } = await activeUser();
  harness.sandbox.control.injectFault({ target: 'revoke', kind: 'status', status: 503 });
  const first = await userData('erase', '--user', userId, '--confirm');
  expect(first.code).toBe(1);
  expect(first.stdout).toContain('Zoom has not confirmed it. Nothing was deleted');
  expect(await whereNamed(userId)).toContain('pendingrevocations');
  expect((await userData('erase', '--user', userId, '--confirm')).code).toBe(1);
  harness.sandbox.control.clearFaults();
  await harness.advance(2 * 60_000);
  await harness.server.maintain();
  expect((await userData('erase', '--user', userId, '--confirm')).code).toBe(0);
  expect(await whereNamed(userId)).toEqual([]);
});

test('what an erased admin did for others stays accountable', async () => {
  const [userId, admin] = [someUser(), someUser()];
  await harness.connect(userId);
  await harness.graphql(admin, `{ zoomConnection(onBehalfOf: "${userId}") { status } }`, { role: 'admin' });
  await new UserData(harness.database).erase(admin);
  const [event] = await harness.database.models.auditEvents.find({ userId, type: 'access.on_behalf' }).lean();
  expect(event?.actor).toEqual({ kind: 'admin', id: admin });
});

test('a user of whom nothing is known gives an empty export and an empty erasure', async () => {
  const userId = someUser();
  const { stdout } = await userData('export', '--user', userId);
  expect(Object.values(JSON.parse(stdout).data as object)).toEqual(
    Object.keys(EXPORTED_FIELDS).map(() => []),
  );
  expect((await userData('erase', '--user', userId, '--confirm')).code).toBe(0);
});

test.each([
  ['no command', []],
  ['an unknown command', ['remove', '--user', 'x']],
  ['no user', ['erase', '--confirm']],
  ['an empty user', ['erase', '--user', '', '--confirm']],
  ['an unknown option', ['erase', '--user', 'x', '--force']],
  ['two commands', ['export', 'erase', '--user', 'x']],
])('%s is refused with the usage', async (_what, args) => {
  const { code, stdout, stderr } = await userData(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('Usage: node dist/cli/user-data.js export --user ID');
});
