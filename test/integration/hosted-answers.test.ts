import { randomUUID } from 'node:crypto';
import { type FakeGoogle, startFakeGoogle } from '../support/fake-google.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';
import { codeOf, inAnHour, meetingOperations, SANDBOX_APP } from '../support/meetings.js';

/** Odd answers and refusals where the platform hosts, where a list goes on, and where a creation is repeated. */
let google: FakeGoogle;
let harness: Harness;
let meetings: ReturnType<typeof meetingOperations>;
beforeAll(async () => {
  google = await startFakeGoogle();
  harness = await startHarness({
    config: { fallbacks: { zoomApp: SANDBOX_APP, googleMeet: google.config } },
  });
  meetings = meetingOperations(harness);
});
afterAll(async () => {
  await harness.close();
  await google.close();
});
afterEach(() => {
  harness.sandbox.control.clearFaults();
});

const answerWith = (path: string, status: number, body: unknown, times = 9) =>
  harness.sandbox.control.injectFault({ target: 'api', kind: 'status', status, body, path, times });
const xml = (code: number) => `<result><code>${code}</code><message>no</message></result>`;
const coded = (code: number | string) => ({ code, message: 'no' });

async function hostedMeeting() {
  const owner = someUser();
  const { data } = await meetings.create(owner, inAnHour(harness));
  expect(data.createZoomMeeting.hostedBy).toBe('APP');
  return { owner, id: data.createZoomMeeting.meeting.id as string };
}

/** A connected user in an account of their own, so that no rate limit reaches anybody else. */
async function connectedUser() {
  const userId = someUser();
  const { id: zoomUserId } = harness.sandbox.control.addUser({ accountId: randomUUID() });
  await harness.connect(userId, { zoomUserId });
  return { userId, zoomUserId };
}

describe('a meeting that the app hosts', () => {
  test.each<[number, unknown, string | undefined]>([
    [404, coded(3001), undefined],
    [400, xml(3001), undefined],
    [404, '<html>Not found</html>', 'ZOOM_NOT_FOUND'],
    [404, '', 'ZOOM_NOT_FOUND'],
    [404, coded(1001), 'ZOOM_NOT_FOUND'],
    [404, coded(3301), 'ZOOM_NOT_FOUND'],
    [400, coded(3002), 'ZOOM_CONFLICT'],
    [400, xml(3002), 'ZOOM_CONFLICT'],
    [400, coded('3003'), 'ZOOM_NOT_ALLOWED'],
    [409, { message: 'Conflict.' }, 'ZOOM_CONFLICT'],
    [401, { message: 'Unauthorized' }, 'ZOOM_APP_MISCONFIGURED'],
    [200, coded(200), 'ZOOM_APP_MISCONFIGURED'],
    [200, { code: 3002 }, 'ZOOM_CONFLICT'],
    [502, '<html>', 'ZOOM_UNAVAILABLE'],
  ])('whose deletion is answered %i %j keeps its owner unless it is gone', async (status, body, code) => {
    const { owner, id } = await hostedMeeting();
    answerWith('/v2/meetings/', status, body);
    expect(codeOf(await meetings.remove(owner, { id }))).toBe(code);
    const isKnown = await harness.database.models.hostedMeetings.exists({ meetingId: id });
    expect(Boolean(isKnown)).toBe(code !== undefined);
  });

  test.each<[number, unknown, string]>([
    [400, { code: 3000, message: 'You cannot update meetings that have started.' }, 'ZOOM_CONFLICT'],
    [400, coded(3003), 'ZOOM_NOT_ALLOWED'],
    [400, { ...coded(300), errors: [{ field: 'topic', message: 'Invalid field.' }] }, 'BAD_USER_INPUT'],
    [422, coded(9999), 'ZOOM_REFUSED'],
    [200, coded(200), 'ZOOM_APP_MISCONFIGURED'],
  ])('whose update is answered %i %j is refused with the code of Zoom', async (status, body, code) => {
    const { owner, id } = await hostedMeeting();
    answerWith('/v2/meetings/', status, body);
    const { errors } = await meetings.update(owner, { id, topic: 'Another' });
    const { code: zoomCode } = body as { code: number };
    expect(errors?.[0]?.extensions).toMatchObject({ code, zoomCode, zoomTrackingId: expect.any(String) });
  });
});

test.each<[number, unknown, string]>([
  [400, coded(1010), 'GOOGLE_MEET'],
  [400, xml(1010), 'GOOGLE_MEET'],
  [400, coded(3161), 'GOOGLE_MEET'],
  [400, coded(3000), 'GOOGLE_MEET'],
  [400, coded(4711), 'GOOGLE_MEET'],
  [200, coded(200), 'GOOGLE_MEET'],
  [422, coded(9999), 'ZOOM_REFUSED'],
  [409, { message: 'Conflict.' }, 'ZOOM_CONFLICT'],
  [400, { ...coded(300), errors: [{ field: 'password' }] }, 'BAD_USER_INPUT'],
])(
  'a creation that the app is refused with %i %j ends with %s, and its key is free or kept accordingly',
  async (status, body, outcome) => {
    const userId = someUser();
    const input = { ...inAnHour(harness), idempotencyKey: randomUUID() };
    answerWith('/v2/users/', status, body);
    const first = await meetings.create(userId, input);
    expect(codeOf(first) ?? first.data.createZoomMeeting.hostedBy).toBe(outcome);
    harness.sandbox.control.clearFaults();
    const second = await meetings.create(userId, input);
    expect(second.errors).toBeUndefined();
    expect(second.data.createZoomMeeting.hostedBy).toBe(outcome === 'GOOGLE_MEET' ? outcome : 'APP');
  },
);

test.each<[number, unknown, string | undefined]>([
  [200, { id: 86_000_000_001, duration: {}, settings: [], type: '2' }, undefined],
  [200, { id: null }, 'ZOOM_UNAVAILABLE'],
  [400, coded(1010), 'ZOOM_NOT_ALLOWED'],
  [400, coded(4711), 'ZOOM_SCOPE_MISSING'],
  [404, '<html>', 'ZOOM_NOT_FOUND'],
  [502, '<html>', 'ZOOM_UNAVAILABLE'],
])(
  'a repeated creation whose meeting is answered %i %j creates nothing and says that it was created',
  async (status, body, code) => {
    const { userId } = await connectedUser();
    const input = { ...inAnHour(harness), idempotencyKey: 'booking' };
    await meetings.create(userId, input);
    answerWith('/v2/meetings/', status, body);
    harness.sandbox.control.resetCounters();
    const { errors } = await meetings.create(userId, input);
    expect(errors?.[0]?.extensions.code).toBe(code);
    if (code) expect(errors?.[0]?.message).toContain('created a meeting, which cannot be read now');
    expect(harness.sandbox.control.requests().filter(({ method }) => method === 'POST')).toEqual([]);
  },
);

test.each<[number, unknown, string | undefined]>([
  [200, {}, undefined],
  [200, { meetings: [{ id: '5', topic: {} }, null], next_page_token: {} }, undefined],
  [400, { code: '300', message: 'The next page token is either invalid or has expired.' }, 'BAD_USER_INPUT'],
  [400, xml(300), 'BAD_USER_INPUT'],
  [200, { code: 300, message: 'The next page token is invalid.' }, 'BAD_USER_INPUT'],
  [403, coded(2306), 'ZOOM_NOT_ALLOWED'],
  [200, [], 'ZOOM_UNAVAILABLE'],
])('a second page that is answered %i %j ends with %p', async (status, body, code) => {
  const { userId, zoomUserId } = await connectedUser();
  harness.sandbox.control.addMeetings(zoomUserId, 3);
  const query = `query ($after: String) { zoomMeetings(type: SCHEDULED, first: 2, after: $after) {
    pageInfo { hasNextPage endCursor } edges { node { id } } } }`;
  const first = await harness.graphql(userId, query);
  const after = first.data.zoomMeetings.pageInfo.endCursor as string;
  answerWith('/v2/users/me/meetings', status, body);
  const { data, errors } = await harness.graphql(userId, query, { variables: { after } });
  expect(errors?.[0]?.extensions.code).toBe(code);
  if (code === 'BAD_USER_INPUT') expect(errors?.[0]?.extensions['argument']).toBe('after');
  if (!code) expect(data.zoomMeetings.pageInfo.hasNextPage).toBe(false);
});

test.each<[number, unknown]>([
  [404, coded(3301)],
  [400, coded('3301')],
  [404, xml(3301)],
  [200, coded(3301)],
])('windows of recordings that are answered %i %j are empty', async (status, body) => {
  const { userId } = await connectedUser();
  answerWith('/v2/users/me/recordings', status, body);
  const from = new Date(harness.clock().getTime() - 80 * 86_400_000).toISOString().slice(0, 10);
  const query = `{ zoomRecordings(from: "${from}") { edges { node { meetingId } } } }`;
  const { data, errors } = await harness.graphql(userId, query);
  expect(errors).toBeUndefined();
  expect(data.zoomRecordings.edges).toEqual([]);
});

test.each<[number, unknown]>([
  [400, coded(1010)],
  [403, '<html>'],
  [200, coded(200)],
  [200, '<html>'],
  [200, []],
  [429, { code: 429, message: 'You have reached the maximum daily rate limit for this API.' }],
])('a user whose profile is answered %i %j is connected all the same', async (status, body) => {
  const userId = someUser();
  answerWith('/v2/users/me', status, body);
  expect((await harness.connect(userId)).location).toContain('zoom=connected');
});
