import { type GraphQLAnswer, type Harness, someUser, startHarness } from '../support/harness.js';
import { inAnHour, meetingOperations, SANDBOX_APP } from '../support/meetings.js';

/** One test for each REST endpoint that this API replaces: what it did is still to be had. */
const RECORDED_USER = 'SbxLicensedCoach0Rk7Qw';

let harness: Harness;
let userId: string;
let zoomUserId: string;
beforeAll(async () => {
  harness = await startHarness({ config: { fallbacks: { zoomApp: SANDBOX_APP } } });
  userId = someUser();
  ({ zoomUserId } = await harness.connect(userId, { zoomUserId: RECORDED_USER }));
});
afterAll(() => harness.close());

/** The data of an answer without errors. */
async function ask(query: string, caller = userId, role?: string): Promise<GraphQLAnswer['data']> {
  const { data, errors } = await harness.graphql(caller, query, role ? { role } : {});
  expect(errors).toBeUndefined();
  return data;
}

test('GET /api/zoom/oauth/user/authorize: startZoomAuthorization answers where to send the browser', async () => {
  const data = await ask('mutation { startZoomAuthorization { authorizationUrl expiresAt } }', someUser());
  expect(data.startZoomAuthorization).toMatchObject({
    authorizationUrl: expect.stringContaining(`${harness.sandbox.url}/oauth/authorize?`),
  });
});

test('GET /api/zoom/oauth/user-callback: the same route ends at the frontend, connected', async () => {
  const { location } = await harness.connect(someUser());
  expect(location).toContain('zoom=connected');
  const bare = await fetch(`${harness.url}/api/zoom/oauth/user-callback`, { redirect: 'manual' });
  expect(bare.status).toBe(303);
});

test('GET .../user/status: zoomConnection', async () => {
  const data = await ask(
    '{ zoomConnection { status zoomUserId grantedScopes lastRefreshAttempt refreshErrorCount } }',
  );
  expect(data.zoomConnection).toMatchObject({ status: 'CONNECTED', zoomUserId, refreshErrorCount: 0 });
});

test('POST .../user/revoke: revokeZoom', async () => {
  const leaving = someUser();
  await harness.connect(leaving);
  const data = await ask('mutation { revokeZoom { revokedAtZoom connection { status } } }', leaving);
  expect(data.revokeZoom).toEqual({ revokedAtZoom: 'REVOKED', connection: { status: 'REVOKED' } });
});

test('POST .../user/refresh: refreshZoomToken', async () => {
  const data = await ask('mutation { refreshZoomToken { connection { status lastRefreshAttempt } } }');
  expect(data.refreshZoomToken).toMatchObject({
    connection: { status: 'CONNECTED', lastRefreshAttempt: expect.any(String) },
  });
});

test('GET .../user/profile: zoomProfile', async () => {
  expect((await ask('{ zoomProfile { id email type } }')).zoomProfile).toMatchObject({ id: zoomUserId });
});

test('GET .../user/meetings: zoomMeetings', async () => {
  const data = await ask(
    '{ zoomMeetings(type: SCHEDULED, first: 5) { edges { node { id topic joinUrl } } } }',
  );
  expect(data.zoomMeetings.edges).toHaveLength(5);
});

test('GET /api/zoom/oauth/authorize and /callback (app level): no step any more, the app gets its token by itself', async () => {
  harness.sandbox.control.resetCounters();
  const { data } = await meetingOperations(harness).create(someUser(), inAnHour(harness));
  expect(data.createZoomMeeting.hostedBy).toBe('APP');
  expect(harness.sandbox.control.counters()).toMatchObject({
    authorizations: 0,
    tokenRequests: { accountCredentials: 1, authorizationCode: 0 },
  });
});

test('GET /api/zoom/user/:userId: zoomProfile(onBehalfOf:) by a service', async () => {
  const data = await ask(`{ zoomProfile(onBehalfOf: "${userId}") { id } }`, 'booking', 'service');
  expect(data.zoomProfile).toEqual({ id: zoomUserId });
});

test('GET /api/zoom/meetings/:specialistId: zoomMeetings(onBehalfOf:) by a service', async () => {
  const query = `{ zoomMeetings(type: SCHEDULED, first: 2, onBehalfOf: "${userId}") { edges { node { hostId } } } }`;
  const data = await ask(query, 'booking', 'service');
  expect(data.zoomMeetings.edges).toEqual([
    { node: { hostId: zoomUserId } },
    { node: { hostId: zoomUserId } },
  ]);
});

test('GET /api/zoom/recording/:meetingId: zoomRecording(meetingId:)', async () => {
  const list = await ask('{ zoomRecordings(first: 1) { edges { node { meetingId } } } }');
  const { meetingId } = (list.zoomRecordings.edges as { node: { meetingId: string } }[])[0]?.node ?? {};
  const data = await ask(`{ zoomRecording(meetingId: "${meetingId}") { meetingId files { playUrl } } }`);
  expect(data.zoomRecording).toMatchObject({ meetingId, files: expect.any(Array) });
});
