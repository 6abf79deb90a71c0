import { type Harness, someUser, startHarness } from '../support/harness.js';
import { codeOf, inAnHour, meetingOperations } from '../support/meetings.js';

let harness: Harness;
let meetings: ReturnType<typeof meetingOperations>;
let userId: string;
beforeAll(async () => {
  harness = await startHarness();
  meetings = meetingOperations(harness);
  userId = someUser();
  await harness.connect(userId);
});
afterAll(() => harness.close());
afterEach(() => {
  harness.sandbox.control.clearFaults();
});

const DAY_MS = 86_400_000;
const postsOf = () =>
  harness.sandbox.control
    .requests()
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/meetings')).length;

test('a connected user creates, reads, changes and deletes a meeting in their own account', async () => {
  const input = {
    ...inAnHour(harness),
    timezone: 'Europe/Berlin',
    durationMinutes: 45,
    agenda: 'Goals',
    password: 'a-1',
  };
  const created = await meetings.create(userId, {
    ...input,
    settings: { waitingRoom: true, autoRecording: 'CLOUD' },
  });
  expect(created.errors).toBeUndefined();
  expect(created.data.createZoomMeeting).toMatchObject({
    hostedBy: 'USER',
    fallbackReason: null,
    meeting: {
      topic: 'Coaching',
      type: 'SCHEDULED',
      durationMinutes: 45,
      timezone: 'Europe/Berlin',
      agenda: 'Goals',
      password: 'a-1',
      settings: { waitingRoom: true, autoRecording: 'CLOUD' },
      occurrences: null,
    },
  });
  const { id, startTime } = created.data.createZoomMeeting.meeting as { id: string; startTime: string };
  expect(Date.parse(startTime)).toBe(Math.floor(Date.parse(input.startTime) / 1000) * 1000);
  const updated = await meetings.update(userId, { id, topic: 'Moved', durationMinutes: 30 });
  expect(updated.data.updateZoomMeeting.meeting).toMatchObject({
    id,
    topic: 'Moved',
    durationMinutes: 30,
    agenda: 'Goals',
  });
  expect((await meetings.read(userId, id)).data.zoomMeeting).toMatchObject({ id, topic: 'Moved' });
  expect((await meetings.remove(userId, { id })).data.deleteZoomMeeting).toEqual({
    meetingId: id,
    occurrenceId: null,
  });
  expect(codeOf(await meetings.read(userId, id))).toBe('ZOOM_NOT_FOUND');
  const again = await meetings.remove(userId, { id: `${id.slice(0, 3)} ${id.slice(3, 7)}-${id.slice(7)}` });
  expect(again.errors).toBeUndefined();
  expect(again.data.deleteZoomMeeting).toEqual({ meetingId: id, occurrenceId: null });
});

test('a series has its dates, of which one can be moved or deleted', async () => {
  const recurrence = { repeat: 'DAILY', endTimes: 3 };
  const created = await meetings.create(userId, {
    ...inAnHour(harness),
    schedule: 'RECURRING_FIXED_TIME',
    recurrence,
  });
  const { id, type, occurrences } = created.data.createZoomMeeting.meeting;
  expect(type).toBe('RECURRING_FIXED_TIME');
  expect(occurrences).toHaveLength(3);
  const [first, second] = occurrences as { id: string; startTime: string }[];
  const later = new Date(Date.parse(first?.startTime ?? '') + 1_800_000).toISOString();
  await meetings.update(userId, { id, occurrenceId: first?.id, startTime: later });
  const removed = await meetings.remove(userId, { id, occurrenceId: second?.id });
  expect(removed.data.deleteZoomMeeting).toEqual({ meetingId: id, occurrenceId: second?.id });
  const { data } = await meetings.read(userId, id);
  expect(data.zoomMeeting.occurrences).toMatchObject([
    { startTime: later, status: 'AVAILABLE' },
    { status: 'DELETED' },
    { status: 'AVAILABLE' },
  ]);
});

test.each([
  [{ occurrenceId: '', agenda: 'x' }, 'input.occurrenceId'],
  [{ occurrenceId: '17', topic: 'x' }, 'input.topic'],
  [{ occurrenceId: '17', recurrence: { repeat: 'DAILY' } }, 'input.recurrence'],
  [{}, 'input'],
  [{ topic: null, settings: {} }, 'input'],
])('the update %j is refused before Zoom is asked', async (parts, argument) => {
  harness.sandbox.control.resetCounters();
  const answer = await meetings.update(userId, { id: '86000000001', ...parts });
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
  expect(harness.sandbox.control.requests()).toEqual([]);
});

test('null for what has a default is the default', async () => {
  const created = await meetings.create(userId, {
    ...inAnHour(harness),
    schedule: null,
    allowFallback: null,
    recurrence: null,
  });
  expect(created.errors).toBeUndefined();
  expect(created.data.createZoomMeeting.meeting.type).toBe('SCHEDULED');
  const list = '{ zoomMeetings(first: null, type: null) { pageInfo { hasNextPage } } }';
  expect((await harness.graphql(userId, list)).errors).toBeUndefined();
});

test('a meeting without a fixed time has no start', async () => {
  const { data } = await meetings.create(userId, { topic: 'Room', schedule: 'RECURRING_NO_FIXED_TIME' });
  expect(data.createZoomMeeting.meeting).toMatchObject({ type: 'RECURRING_NO_FIXED_TIME', startTime: null });
});

test.each([
  [{ topic: 'x'.repeat(201) }, 'input.topic'],
  [{ startTime: '2020-01-01T00:00:00Z' }, 'input.startTime'],
  [{ timezone: 'Mars/Base' }, 'input.timezone'],
  [{ password: 'no spaces' }, 'input.password'],
  [
    { schedule: 'RECURRING_FIXED_TIME', recurrence: { repeat: 'WEEKLY', endTimes: 1 } },
    'input.recurrence.weekdays',
  ],
  [{ idempotencyKey: 'x'.repeat(129) }, 'input.idempotencyKey'],
])('%j is refused before Zoom is asked', async (parts, argument) => {
  const before = postsOf();
  const answer = await meetings.create(userId, { ...inAnHour(harness), ...parts });
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
  expect(postsOf()).toBe(before);
});

test.each(['', '..', 'me', '12345', '1/../users/me'])(
  'the id %j is refused before Zoom is asked',
  async (id) => {
    const answer = await meetings.read(userId, id);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'id' });
  },
);

test('an id in another user’s account does not exist', async () => {
  const other = someUser();
  await harness.connect(other);
  const { data } = await meetings.create(userId, inAnHour(harness));
  expect(codeOf(await meetings.read(other, data.createZoomMeeting.meeting.id))).toBe('ZOOM_NOT_FOUND');
});

test('a creation whose answer was lost is not repeated and says so', async () => {
  const before = postsOf();
  harness.sandbox.control.injectFault({ target: 'api', kind: 'drop_answer', path: '/v2/users' });
  const answer = await meetings.create(userId, inAnHour(harness));
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'ZOOM_UNAVAILABLE', outcomeUnknown: true });
  expect(postsOf()).toBe(before + 1);
});

test('a creation refused per second is sent again within the budget', async () => {
  harness.sandbox.control.injectFault({ target: 'api', kind: 'rate_limited', path: '/v2/users' });
  const { errors, data } = await meetings.create(userId, inAnHour(harness));
  expect(errors).toBeUndefined();
  expect(data.createZoomMeeting.hostedBy).toBe('USER');
});

test('the limit of 100 creations a day of one user ends at midnight, and reading is still possible', async () => {
  const limited = someUser();
  await harness.connect(limited);
  const made = await meetings.create(limited, inAnHour(harness));
  const message =
    'You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user. You may resume these requests at GMT 00:00:00.';
  harness.sandbox.control.injectFault({
    target: 'api',
    kind: 'status',
    status: 429,
    path: '/v2/users',
    body: { code: 429, message },
  });
  const answer = await meetings.create(limited, inAnHour(harness));
  const midnight = new Date(Math.ceil(harness.clock().getTime() / DAY_MS) * DAY_MS).toISOString();
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'ZOOM_RATE_LIMITED', retryAt: midnight });
  expect((await meetings.read(limited, made.data.createZoomMeeting.meeting.id)).errors).toBeUndefined();
});

test('the host in person gets startUrl; a service for them, lists, logs and the database do not', async () => {
  const created = await meetings.create(userId, inAnHour(harness));
  const { id, startUrl } = created.data.createZoomMeeting.meeting;
  expect(startUrl).toContain('zak=');
  expect((await meetings.read(userId, id)).data.zoomMeeting.startUrl).toContain('zak=');
  const service = await meetings.read('booking', id, { role: 'service', onBehalfOf: userId });
  expect(service.data.zoomMeeting).toMatchObject({ id, startUrl: null });
  const { data } = await harness.graphql(
    userId,
    '{ zoomMeetings(type: SCHEDULED) { edges { node { startUrl } } } }',
  );
  expect(
    new Set(data.zoomMeetings.edges.map(({ node }: { node: { startUrl: null } }) => node.startUrl)),
  ).toEqual(new Set([null]));
  expect(harness.log.text()).not.toContain('zak');
  for (const model of Object.values(harness.database.models))
    expect(JSON.stringify(await model.collection.find({}).sort({ _id: 1 }).toArray())).not.toContain('zak=');
});

test('a service acts for a user, and the trail names both', async () => {
  const created = await meetings.create('booking', inAnHour(harness), {
    role: 'service',
    onBehalfOf: userId,
  });
  const { id } = created.data.createZoomMeeting.meeting;
  await meetings.update('booking', { id, topic: 'Moved' }, { role: 'service', onBehalfOf: userId });
  await meetings.remove('booking', { id }, { role: 'service', onBehalfOf: userId });
  const events = await harness.database.models.auditEvents
    .find({ userId, type: { $in: ['meeting.created', 'meeting.updated', 'meeting.deleted'] } })
    .sort({ occurredAt: -1 })
    .limit(3)
    .lean();
  expect(
    events.toReversed().map(({ type, actor, meetingId, cause }) => ({ type, actor, meetingId, cause })),
  ).toEqual(
    ['meeting.created', 'meeting.updated', 'meeting.deleted'].map((type) => ({
      type,
      meetingId: id,
      cause: 'USER',
      actor: { kind: 'service', id: 'booking' },
    })),
  );
});

test('nobody but services and admins acts for another user', async () => {
  const acting = { onBehalfOf: userId };
  const stranger = someUser();
  const answers = [
    await meetings.create(stranger, inAnHour(harness), acting),
    await meetings.update(stranger, { id: '85746065432', topic: 'x' }, acting),
    await meetings.remove(stranger, { id: '85746065432' }, acting),
    await meetings.read(stranger, '85746065432', acting),
    await harness.graphql(stranger, `{ zoomRecordings(onBehalfOf: "${userId}") { totalCount } }`),
    await harness.graphql(
      stranger,
      `{ zoomRecording(meetingId: "85746065432", onBehalfOf: "${userId}") { uuid } }`,
    ),
  ];
  expect(answers.map(codeOf)).toEqual(answers.map(() => 'FORBIDDEN'));
});

test('a missing scope is reported by name before Zoom is called', async () => {
  const sparse = someUser();
  await harness.connect(sparse);
  await harness.database.models.grants.updateOne(
    { userId: sparse },
    { $set: { grantedScopes: ['user:read:user'] } },
  );
  const before = postsOf();
  const refused = (await meetings.create(sparse, { ...inAnHour(harness), allowFallback: false })).errors?.[0]
    ?.extensions;
  expect(refused).toMatchObject({ code: 'ZOOM_SCOPE_MISSING', missingScopes: ['meeting:write:meeting'] });
  expect(
    (await meetings.update(sparse, { id: '85746065432', topic: 'x' })).errors?.[0]?.extensions,
  ).toMatchObject({
    missingScopes: ['meeting:update:meeting'],
  });
  expect((await meetings.remove(sparse, { id: '85746065432' })).errors?.[0]?.extensions).toMatchObject({
    missingScopes: ['meeting:delete:meeting'],
  });
  expect(postsOf()).toBe(before);
});

test('an update that cannot be read again is still an update', async () => {
  const created = await meetings.create(userId, inAnHour(harness));
  const { id } = created.data.createZoomMeeting.meeting;
  await harness.database.models.grants.updateOne(
    { userId },
    { $set: { grantedScopes: ['meeting:update:meeting', 'meeting:write:meeting', 'user:read:user'] } },
  );
  const answer = await meetings.update(userId, { id, topic: 'Unseen' });
  expect(answer).toMatchObject({ data: { updateZoomMeeting: { meeting: null } } });
  expect(answer.errors).toBeUndefined();
});
