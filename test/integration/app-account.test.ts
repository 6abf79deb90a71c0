import { Secret } from '../../src/lib/secret.js';
import { type Server, startServer } from '../../src/app/server.js';
import { TokenCipher } from '../../src/grants/token-cipher.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';
import { codeOf, inAnHour, meetingOperations, SANDBOX_APP } from '../support/meetings.js';

let harness: Harness;
let servers: Server[];
let meetings: ReturnType<typeof meetingOperations>;
beforeAll(async () => {
  harness = await startHarness({ config: { fallbacks: { zoomApp: SANDBOX_APP } } });
  meetings = meetingOperations(harness.graphql);
  const config = { ...harness.config, http: { ...harness.config.http, port: 0 } };
  const environs = { logger: harness.log.logger, clock: harness.clock, jitter: () => 0 };
  const others = await Promise.all([startServer(config, environs), startServer(config, environs)]);
  servers = [harness.server, ...others];
});
afterAll(async () => {
  await Promise.all(servers.slice(1).map((server) => server.close()));
  await harness.close();
});
beforeEach(async () => {
  harness.sandbox.control.clearFaults();
  harness.sandbox.control.resetCounters();
  await appTokens().deleteOne({ _id: APP_ID });
});

const APP_ID = `${SANDBOX_APP.accountId} ${SANDBOX_APP.clientId}`;
const appTokens = () => harness.database.models.appTokens;
const storedToken = () => appTokens().find({}).sort({ _id: 1 }).lean();
const tokenRequests = () => harness.sandbox.control.counters().tokenRequests;

/** Creates a meeting for a user who is not connected, at one of the servers. */
async function createAt({ url }: Server): Promise<string | undefined> {
  const query = `mutation ($input: CreateZoomMeetingInput!) { createZoomMeeting(input: $input) { hostedBy } }`;
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await harness.tokenFor(someUser())}`,
    },
    body: JSON.stringify({ query, variables: { input: inAnHour(harness) } }),
  });
  const { data } = (await answer.json()) as { data?: { createZoomMeeting?: { hostedBy: string } } };
  return data?.createZoomMeeting?.hostedBy;
}

test('50 cold callers on three instances cost one token request', async () => {
  harness.sandbox.control.configure({ tokenLatencyMs: 200 });
  const hosts = await Promise.all(Array.from({ length: 50 }, (_, n) => createAt(servers[n % 3] as Server)));
  harness.sandbox.control.configure({ tokenLatencyMs: 0 });
  expect(hosts).toEqual(hosts.map(() => 'APP'));
  expect(tokenRequests()).toEqual({ accountCredentials: 1, authorizationCode: 0, refreshToken: 0 });
});

test('the token is stored sealed, for the app and nobody else', async () => {
  await createAt(harness.server);
  const [row] = await storedToken();
  expect(row?._id).toBe(APP_ID);
  const header = JSON.parse(
    Buffer.from(row?.accessToken?.split('.')[0] ?? '', 'base64url').toString(),
  ) as object;
  expect(header).toMatchObject({ enc: 'A256GCM', sub: row?._id, field: 'appAccessToken' });
  expect(harness.log.text()).not.toContain(SANDBOX_APP.clientSecret.reveal());
});

test('it is replaced when five minutes are left, and not before', async () => {
  await createAt(harness.server);
  await harness.advance(54 * 60_000);
  await createAt(harness.server);
  expect(tokenRequests().accountCredentials).toBe(1);
  await harness.advance(60_000);
  await createAt(harness.server);
  expect(tokenRequests().accountCredentials).toBe(2);
  expect(await storedToken()).toMatchObject([{ version: 2, errorCount: 0 }]);
});

test('a token that Zoom refuses is replaced once, for all who hold it', async () => {
  await createAt(harness.server);
  // Sealed as ours, and unknown to Zoom.
  const cipher = new TokenCipher(harness.config.encryptionKeys);
  const dead = await cipher.seal(new Secret('a dead token'), { userId: APP_ID, field: 'appAccessToken' });
  await appTokens().updateOne({ _id: APP_ID }, { $set: { accessToken: dead } });
  const hosts = await Promise.all(Array.from({ length: 6 }, (_, n) => createAt(servers[n % 3] as Server)));
  expect(hosts).toEqual(hosts.map(() => 'APP'));
  expect(tokenRequests().accountCredentials).toBe(2);
});

test('a token sealed with a key that is gone is asked for anew', async () => {
  await createAt(harness.server);
  await appTokens().updateOne({ _id: APP_ID }, { $set: { accessToken: 'x.y' } });
  expect(await createAt(harness.server)).toBe('APP');
  expect(tokenRequests().accountCredentials).toBe(2);
});

test('a lease whose owner died is taken over', async () => {
  await createAt(harness.server);
  const expiresAt = new Date(Date.now() + 1_500);
  await appTokens().updateOne(
    { _id: APP_ID },
    { $set: { lease: { owner: 'dead', expiresAt }, expiresAt: new Date(0) } },
  );
  expect(await createAt(harness.server)).toBe('APP');
  expect(Date.now()).toBeGreaterThanOrEqual(expiresAt.getTime());
  expect(tokenRequests().accountCredentials).toBe(2);
});

test('while the token endpoint is down a token that lives is used, and without one it is an error in passing', async () => {
  await createAt(harness.server);
  await harness.advance(56 * 60_000);
  harness.sandbox.control.injectFault({ target: 'token', kind: 'status', status: 503, times: 20 });
  expect(await createAt(harness.server)).toBe('APP');
  expect(tokenRequests().accountCredentials).toBe(2);
  await harness.advance(4 * 60_000);
  const answer = await meetings.create(someUser(), inAnHour(harness));
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'ZOOM_UNAVAILABLE' });
});

test('credentials of the app are refused: the user is told their own reason, the operator is alarmed', async () => {
  harness.sandbox.control.updateApp({ clientSecret: 'another' }, SANDBOX_APP.clientId);
  const answer = await meetings.create(someUser(), inAnHour(harness));
  harness.sandbox.control.updateApp(
    { clientSecret: SANDBOX_APP.clientSecret.reveal() },
    SANDBOX_APP.clientId,
  );
  expect(codeOf(answer)).toBe('ZOOM_NOT_CONNECTED');
  expect(harness.log.lines).toContainEqual(expect.objectContaining({ code: 'ZOOM_APP_MISCONFIGURED' }));
});

test('the app never says me, and users never use its credentials', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await meetings.create(userId, inAnHour(harness));
  expect(tokenRequests().accountCredentials).toBe(0);
  await createAt(harness.server);
  const paths = harness.sandbox.control.requests().map(({ path }) => path);
  expect(paths.filter((path) => path.endsWith('/meetings'))).toEqual([
    '/v2/users/me/meetings',
    `/v2/users/${encodeURIComponent(SANDBOX_APP.hostUser)}/meetings`,
  ]);
});
