import { type Server, startServer } from '../../src/app/server.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';
import { codeOf, inAnHour, meetingOperations, SANDBOX_APP } from '../support/meetings.js';

const ZOOM_APP = { fallbacks: { zoomApp: SANDBOX_APP } };

let harness: Harness;
let servers: Server[];
let meetings: ReturnType<typeof meetingOperations>;
/** Instances that hold no token yet, on one database. */
beforeEach(async () => {
  harness = await startHarness({ config: ZOOM_APP });
  meetings = meetingOperations(harness);
  const config = { ...harness.config, http: { ...harness.config.http, port: 0 } };
  const environs = { logger: harness.log.logger, clock: harness.clock, jitter: () => 0 };
  servers = [harness.server, await startServer(config, environs), await startServer(config, environs)];
});
afterEach(async () => {
  await Promise.all(servers.slice(1).map((server) => server.close()));
  await harness.close();
});

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

test('27 cold callers on three instances cost one token request an instance', async () => {
  harness.sandbox.control.configure({ tokenLatencyMs: 200 });
  // Fewer than the calls that Zoom allows in one second.
  const callers = Array.from({ length: 9 }, () => servers).flat();
  const hosts = await Promise.all(callers.map((server) => createAt(server)));
  expect(hosts).toEqual(hosts.map(() => 'APP'));
  expect(tokenRequests()).toEqual({ accountCredentials: 3, authorizationCode: 0, refreshToken: 0 });
});

test('it is replaced when five minutes are left, and not before', async () => {
  await createAt(harness.server);
  await harness.advance(54 * 60_000);
  await createAt(harness.server);
  expect(tokenRequests().accountCredentials).toBe(1);
  await harness.advance(60_000);
  await createAt(harness.server);
  expect(tokenRequests().accountCredentials).toBe(2);
});

test('a token that Zoom refuses is replaced, and the call repeated', async () => {
  await createAt(harness.server);
  const body = { code: 124, message: 'Invalid access token.' };
  harness.sandbox.control.injectFault({ target: 'api', kind: 'status', status: 401, body });
  expect(await createAt(harness.server)).toBe('APP');
  expect(tokenRequests().accountCredentials).toBe(2);
});

test('while the token endpoint is down a token that has not expired is used, and without one the error is transient', async () => {
  await createAt(harness.server);
  await harness.advance(56 * 60_000);
  harness.sandbox.control.injectFault({ target: 'token', kind: 'status', status: 503, times: 20 });
  expect(await createAt(harness.server)).toBe('APP');
  expect(tokenRequests().accountCredentials).toBe(2);
  await harness.advance(4 * 60_000);
  const answer = await meetings.create(someUser(), inAnHour(harness));
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'ZOOM_UNAVAILABLE' });
});

test('credentials of the app are refused: the user gets their own reason, and the operator an alarm', async () => {
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
