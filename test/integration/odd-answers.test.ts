import { type Harness, someUser, startHarness } from '../support/harness.js';
import { codeOf, inAnHour, meetingOperations, SANDBOX_APP } from '../support/meetings.js';
import { MEETING, MEETING_LIST, PROFILE, RECORDING, RECORDING_LIST } from '../support/zoom-answers.js';

let harness: Harness;
let meetings: ReturnType<typeof meetingOperations>;
let connected: string;
beforeAll(async () => {
  harness = await startHarness({ config: { fallbacks: { zoomApp: SANDBOX_APP } } });
  meetings = meetingOperations(harness);
  connected = someUser();
  await harness.connect(connected);
});
afterAll(() => harness.close());

/** Zoom answers the next call of a path with this body. */
function answerWith(path: string, body: unknown, status = 200): void {
  harness.sandbox.control.injectFault({ target: 'api', kind: 'status', status, body, path });
}

test.each([
  ['text for the duration', { duration: '60' }],
  ['a duration beyond 32 bits', { duration: 1e12 }],
  ['text for the type', { type: '2' }],
  ['a number for the passcode', { password: 123456 }],
  ['an object for the dates', { occurrences: {} }],
  ['a list for the settings', { settings: [] }],
  ['text for a switch', { settings: { waiting_room: 'true' } }],
  ['nothing but the id', Object.fromEntries(Object.keys(MEETING).map((key) => [key, null]))],
])('a meeting created with %s is told and, hosted by the app, has its owner', async (_what, odd) => {
  const [own, hosted] = [Math.round(9e9 + Math.random() * 1e9), Math.round(8e9 + Math.random() * 1e9)];
  answerWith('/v2/users/me/meetings', { ...MEETING, ...odd, id: own }, 201);
  const atUser = await meetings.create(connected, { ...inAnHour(harness), idempotencyKey: `key-${own}` });
  expect(atUser.errors).toBeUndefined();
  expect(atUser.data.createZoomMeeting).toMatchObject({ hostedBy: 'USER', meeting: { id: String(own) } });

  const userId = someUser();
  answerWith('/v2/users/', { ...MEETING, ...odd, id: hosted }, 201);
  const atApp = await meetings.create(userId, inAnHour(harness));
  expect(atApp.errors).toBeUndefined();
  expect(atApp.data.createZoomMeeting).toMatchObject({ hostedBy: 'APP', meeting: { id: String(hosted) } });
  expect(await harness.database.models.hostedMeetings.findOne({ meetingId: String(hosted) }).lean()).toEqual(
    expect.objectContaining({ userId, hostedBy: 'APP' }),
  );
});

test('a created meeting without an id is ZOOM_UNAVAILABLE with an unknown outcome', async () => {
  answerWith('/v2/users/me/meetings', { ...MEETING, id: null }, 201);
  const { errors } = await meetings.create(connected, inAnHour(harness));
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'ZOOM_UNAVAILABLE', outcomeUnknown: true });
});

test('an update that was made is told, however odd the meeting that is read afterwards', async () => {
  const created = await meetings.create(connected, inAnHour(harness));
  const { id } = created.data.createZoomMeeting.meeting as { id: string };
  const odd = {
    ...MEETING,
    id,
    topic: 5,
    duration: '60',
    settings: 'none',
    start_time: '0001-01-01T00:00:00Z',
  };
  answerWith(`/v2/meetings/${id}`, '', 204);
  answerWith(`/v2/meetings/${id}`, odd);
  const { data, errors } = await meetings.update(connected, { id, topic: 'Another' });
  expect(errors).toBeUndefined();
  expect(data.updateZoomMeeting.meeting).toMatchObject({
    id,
    topic: '5',
    durationMinutes: 60,
    settings: null,
    startTime: null,
  });
});

test('of a list with odd items only what cannot be identified is left out', async () => {
  const [first, second] = MEETING_LIST.meetings;
  answerWith('/v2/users/me/meetings', {
    next_page_token: null,
    total_records: '4',
    meetings: [
      { ...first, duration: 30.5, topic: {} },
      { ...first, id: null },
      null,
      { ...second, type: '2' },
    ],
  });
  const query =
    '{ zoomMeetings { totalCount pageInfo { hasNextPage } edges { node { id topic type durationMinutes } } } }';
  const { data, errors } = await harness.graphql(connected, query);
  expect(errors).toBeUndefined();
  expect(data.zoomMeetings).toEqual({
    totalCount: 4,
    pageInfo: { hasNextPage: false },
    edges: [
      { node: { id: '86000000001', topic: null, type: 'RECURRING_FIXED_TIME', durationMinutes: 31 } },
      { node: { id: '86000000002', topic: 'Second lesson', type: 'SCHEDULED', durationMinutes: 60 } },
    ],
  });
});

test('a profile without id is that of the connected Zoom user', async () => {
  const query = '{ zoomProfile { id displayName type } zoomConnection { zoomUserId } }';
  answerWith('/v2/users/me', { ...PROFILE, id: null, type: '2' });
  const { data, errors } = await harness.graphql(connected, query);
  expect(errors).toBeUndefined();
  expect(data.zoomProfile).toEqual({
    id: data.zoomConnection.zoomUserId as string,
    displayName: 'Ada Coach',
    type: 'LICENSED',
  });
});

test('a user whose profile is odd is connected all the same', async () => {
  const userId = someUser();
  answerWith('/v2/users/me', { id: 5, email: {}, account_id: null, type: [] });
  const { location } = await harness.connect(userId);
  expect(location).toContain('zoom=connected');
  const { data } = await harness.graphql(userId, '{ zoomConnection { status zoomUserId zoomEmail } }');
  expect(data.zoomConnection).toEqual({ status: 'CONNECTED', zoomUserId: '5', zoomEmail: null });
});

const RECORDINGS =
  '{ zoomRecordings { totalCount edges { node { meetingId totalSizeBytes files { id sizeBytes } } } } }';

test('recordings with text for numbers and without files are listed', async () => {
  const files = [{ id: 'a', file_size: '386951' }, null, {}];
  answerWith('/v2/users/me/recordings', {
    ...RECORDING_LIST,
    next_page_token: '',
    meetings: [
      { ...RECORDING, total_size: '386951', recording_files: files },
      { ...RECORDING, id: undefined, recording_files: null },
    ],
  });
  const { data, errors } = await harness.graphql(connected, RECORDINGS);
  expect(errors).toBeUndefined();
  expect(data.zoomRecordings.edges).toEqual([
    {
      node: {
        meetingId: '86000000003',
        totalSizeBytes: 386951,
        files: [
          { id: 'a', sizeBytes: 386951 },
          { id: null, sizeBytes: null },
        ],
      },
    },
    { node: { meetingId: RECORDING.uuid, totalSizeBytes: 8_000_000_000, files: [] } },
  ]);
});

test('a list of recordings answered with 404 and 3301 is empty; another 404 is not', async () => {
  answerWith(
    '/v2/users/me/recordings',
    { code: 3301, message: 'There is no recording for this session.' },
    404,
  );
  const { data, errors } = await harness.graphql(connected, RECORDINGS);
  expect(errors).toBeUndefined();
  expect(data.zoomRecordings).toEqual({ totalCount: 0, edges: [] });
  answerWith('/v2/users/me/recordings', { code: 1001, message: 'User does not exist.' }, 404);
  expect(codeOf(await harness.graphql(connected, RECORDINGS))).toBe('ZOOM_NOT_FOUND');
});
