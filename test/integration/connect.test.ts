import { Browser } from '../../src/dev/demo/browser.js';
import { consentAt } from '../support/consent.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const CONNECTION =
  '{ zoomConnection { userId status reason nextAction zoomUserId zoomEmail grantedScopes missingScopes refreshErrorCount authorizedAt accessTokenExpiresAt } }';

test('a user who never connected is NOT_CONNECTED and may CONNECT', async () => {
  const userId = someUser();
  const { data } = await harness.graphql(userId, CONNECTION);
  expect(data.zoomConnection).toMatchObject({
    userId,
    status: 'NOT_CONNECTED',
    nextAction: 'CONNECT',
    grantedScopes: [],
  });
});

test('a user who consents ends at the frontend and is CONNECTED', async () => {
  const userId = someUser();
  const { location, zoomUserId } = await harness.connect(userId);
  expect(location).toBe('https://app.example.com/settings?zoom=connected');
  const { data } = await harness.graphql(userId, CONNECTION);
  expect(data.zoomConnection).toMatchObject({
    status: 'CONNECTED',
    nextAction: 'NONE',
    reason: null,
    zoomUserId,
    missingScopes: [],
    refreshErrorCount: 0,
  });
});

test('a user who is asked for two scopes is connected with these, which are joined by a comma', async () => {
  const userId = someUser();
  const browser = new Browser();
  const scopes = ['user:read:user', 'meeting:read:list_meetings'];
  const start =
    'mutation ($input: StartZoomAuthorizationInput) { startZoomAuthorization(input: $input) { authorizationUrl } }';
  const { data } = await harness.graphql(userId, start, { variables: { input: { scopes } }, browser });
  const url = data.startZoomAuthorization.authorizationUrl as string;
  expect(url).toContain('scope=user%3Aread%3Auser%2Cmeeting%3Aread%3Alist_meetings');
  const zoomUserId = harness.sandbox.control.addUser().id;
  const answer = await browser.fetch(await consentAt(browser, url, { zoomUserId }));
  expect(answer.headers.get('location')).toContain('zoom=connected');
  const { zoomConnection } = (await harness.graphql(userId, CONNECTION)).data as {
    zoomConnection: { grantedScopes: string[] };
  };
  expect(zoomConnection.grantedScopes.toSorted()).toEqual(scopes.toSorted());
});

test.each(['$where.a', '{"$gt":""}', 'a.b', '__proto__', '[object Object]'])(
  'the user id %s is plain text to the database',
  async (userId) => {
    const other = someUser();
    await harness.connect(other);
    expect((await harness.graphql(userId, CONNECTION)).data.zoomConnection).toMatchObject({
      userId,
      status: 'NOT_CONNECTED',
    });
    const { zoomUserId } = await harness.connect(userId);
    const { data } = await harness.graphql(userId, CONNECTION);
    expect(data.zoomConnection).toMatchObject({ userId, status: 'CONNECTED', zoomUserId });
    await harness.graphql(userId, 'mutation { revokeZoom { revokedAtZoom } }');
    const { data: after } = await harness.graphql(other, CONNECTION);
    expect(after.zoomConnection).toMatchObject({ userId: other, status: 'CONNECTED' });
  },
);

test('a connected user reads their profile and their meetings, page by page', async () => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  harness.sandbox.control.addMeetings(zoomUserId, 5);
  const page = `query ($after: String) { zoomProfile { id displayName } zoomMeetings(type: SCHEDULED, first: 3, after: $after) { totalCount edges { cursor node { id topic } } pageInfo { hasNextPage endCursor } } }`;
  const first = await harness.graphql(userId, page);
  expect(first.errors).toBeUndefined();
  expect(first.data.zoomProfile.id).toBe(zoomUserId);
  expect(first.data.zoomMeetings).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } });
  const second = await harness.graphql(userId, page, {
    variables: { after: first.data.zoomMeetings.pageInfo.endCursor },
  });
  expect(second.errors).toBeUndefined();
  expect(second.data.zoomMeetings.edges).toHaveLength(2);
  expect(second.data.zoomMeetings.pageInfo.hasNextPage).toBe(false);
});
