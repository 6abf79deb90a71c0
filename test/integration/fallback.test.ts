import { randomUUID } from 'node:crypto';
import { type FakeGoogle, startFakeGoogle } from '../support/fake-google.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';
import { APP_HOST, codeOf, inAnHour, meetingOperations, SANDBOX_APP } from '../support/meetings.js';

let google: FakeGoogle;
let withAll: Harness;
let withGoogle: Harness;
let withNone: Harness;
let meetings: ReturnType<typeof meetingOperations>;
beforeAll(async () => {
  google = await startFakeGoogle();
  const start = (fallbacks: object) => startHarness({ config: { fallbacks } });
  withAll = await start({ zoomApp: SANDBOX_APP, googleMeet: google.config });
  withGoogle = await start({ googleMeet: google.config });
  withNone = await start({});
  meetings = meetingOperations(withAll);
});
afterAll(async () => {
  await Promise.all([withAll, withGoogle, withNone].map((harness) => harness.close()));
  await google.close();
});
beforeEach(() => {
  withAll.sandbox.control.clearFaults();
  Object.assign(google.failures, { token: [], space: [] });
});

const input = () => inAnHour(withAll);
const appHost = () => withAll.sandbox.control.users().find(({ email }) => email === APP_HOST)?.id ?? '';
const postsAt = ({ sandbox }: Harness) =>
  sandbox.control.requests().filter(({ method, path }) => method === 'POST' && path.endsWith('/meetings'))
    .length;

/** A meeting that the app hosts for a fresh user who is not connected. */
async function hostedMeeting() {
  const owner = someUser();
  const { data } = await meetings.create(owner, input());
  return { owner, id: data.createZoomMeeting.meeting.id as string };
}

describe('the chain', () => {
  test('a connected user hosts their own meeting', async () => {
    const userId = someUser();
    await withAll.connect(userId);
    const { data } = await meetings.create(userId, input());
    expect(data.createZoomMeeting).toMatchObject({ hostedBy: 'USER', fallbackReason: null });
  });

  test('for a user who is not connected the app hosts, and its host is not the user', async () => {
    const { data } = await meetings.create(someUser(), input());
    expect(data.createZoomMeeting).toMatchObject({
      hostedBy: 'APP',
      fallbackReason: 'ZOOM_NOT_CONNECTED',
      meeting: { hostId: appHost(), topic: 'Coaching', startUrl: null },
    });
  });

  test.each([
    ['ZOOM_REAUTHORIZATION_REQUIRED', { isActive: false, reason: 'REFRESH_TOKEN_REJECTED' }],
    ['ZOOM_SCOPE_MISSING', { grantedScopes: ['user:read:user'] }],
  ])('%s is a reason to fall back', async (reason, grant) => {
    const userId = someUser();
    await withAll.connect(userId);
    await withAll.database.models.grants.updateOne({ userId }, { $set: grant });
    const { data } = await meetings.create(userId, input());
    expect(data.createZoomMeeting).toMatchObject({ hostedBy: 'APP', fallbackReason: reason });
    const refused = await meetings.create(userId, { ...input(), allowFallback: false });
    expect(codeOf(refused)).toBe(reason);
  });

  test.each([
    ['ZOOM_PLAN_REQUIRED', 400, 3161, 'Meeting hosting and scheduling capabilities are not allowed.'],
    ['ZOOM_PLAN_REQUIRED', 200, 200, 'No permission.'],
    ['ZOOM_NOT_ALLOWED', 400, 1010, 'User does not belong to this account.'],
    ['ZOOM_NOT_ALLOWED', 403, undefined, 'The user has not permitted access to the targeted resource.'],
    ['ZOOM_NOT_FOUND', 404, 1001, 'User does not exist: me.'],
  ])(
    '%s, as Zoom says it by %i and code %p, is a reason to fall back',
    async (reason, status, code, message) => {
      const userId = someUser();
      await withAll.connect(userId);
      const body = { code, message };
      withAll.sandbox.control.injectFault({
        target: 'api',
        kind: 'status',
        status,
        body,
        path: '/v2/users/me',
      });
      const { data } = await meetings.create(userId, input());
      expect(data.createZoomMeeting).toMatchObject({ hostedBy: 'APP', fallbackReason: reason });
    },
  );

  test.each([
    ['an outage', { kind: 'status', status: 503 }, 'ZOOM_UNAVAILABLE'],
    ['HTML from the edge', { kind: 'html' }, 'ZOOM_UNAVAILABLE'],
    ['a lost answer', { kind: 'drop_answer' }, 'ZOOM_UNAVAILABLE'],
    ['a daily limit', { kind: 'rate_limited', retryAfter: '86400' }, 'ZOOM_RATE_LIMITED'],
  ] as const)('%s of the own account is no reason to fall back', async (_what, fault, code) => {
    const userId = someUser();
    await withAll.connect(userId, {
      zoomUserId: withAll.sandbox.control.addUser({ accountId: randomUUID() }).id,
    });
    const before = postsAt(withAll);
    withAll.sandbox.control.injectFault({ target: 'api', path: '/v2/users/me', ...fault });
    expect(codeOf(await meetings.create(userId, input()))).toBe(code);
    expect(postsAt(withAll)).toBe(before + 1);
  });

  test('values that no host would take are refused before any host is asked', async () => {
    const before = postsAt(withAll);
    expect(codeOf(await meetings.create(someUser(), { ...input(), topic: '' }))).toBe('BAD_USER_INPUT');
    expect(postsAt(withAll)).toBe(before);
  });

  test('without an app Google hosts: an address, and what was asked for beside it', async () => {
    const owner = someUser();
    const operations = meetingOperations(withGoogle);
    const { data, errors } = await operations.create(owner, { ...input(), durationMinutes: 30 });
    expect(errors).toBeUndefined();
    const { meeting, ...rest } = data.createZoomMeeting;
    expect(rest).toEqual({ hostedBy: 'GOOGLE_MEET', fallbackReason: 'ZOOM_NOT_CONNECTED' });
    expect(meeting).toMatchObject({
      topic: 'Coaching',
      durationMinutes: 30,
      type: 'OTHER',
      joinUrl: 'https://meet.google.com/abc-mnop-xyz',
    });
    expect((await operations.read(owner, meeting.id)).data.zoomMeeting).toEqual(meeting);
    expect(codeOf(await operations.read(someUser(), meeting.id))).toBe('ZOOM_NOT_FOUND');
    expect(codeOf(await operations.update(owner, { id: meeting.id, topic: 'x' }))).toBe('BAD_USER_INPUT');
    expect((await operations.remove(owner, { id: meeting.id })).errors).toBeUndefined();
    expect(codeOf(await operations.read(owner, meeting.id))).toBe('BAD_USER_INPUT');
  });

  test('an app whose host is unknown at Zoom is passed over for Google', async () => {
    const body = { code: 1001, message: 'User does not exist.' };
    withAll.sandbox.control.injectFault({
      target: 'api',
      kind: 'status',
      status: 404,
      body,
      path: '/v2/users/',
    });
    const { data } = await meetings.create(someUser(), input());
    expect(data.createZoomMeeting).toMatchObject({
      hostedBy: 'GOOGLE_MEET',
      fallbackReason: 'ZOOM_NOT_CONNECTED',
    });
  });

  test('an app with a transient failure is not: there may be a meeting', async () => {
    const before = google.counts.spaces;
    withAll.sandbox.control.injectFault({ target: 'api', kind: 'drop_answer', path: '/v2/users/' });
    const answer = await meetings.create(someUser(), input());
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'ZOOM_UNAVAILABLE', outcomeUnknown: true });
    expect(google.counts.spaces).toBe(before);
  });

  test('with nothing configured the user is asked to connect', async () => {
    const answer = await meetingOperations(withNone).create(someUser(), input());
    expect(codeOf(answer)).toBe('ZOOM_NOT_CONNECTED');
  });
});

describe('Google', () => {
  const create = () => meetingOperations(withGoogle).create(someUser(), input());

  test('tokens are kept, and one that Google refuses is replaced once', async () => {
    await create();
    const before = google.counts.tokens;
    await create();
    expect(google.counts.tokens).toBe(before);
    google.expireTokens();
    expect((await create()).data.createZoomMeeting.hostedBy).toBe('GOOGLE_MEET');
    expect(google.counts.tokens).toBe(before + 1);
  });

  test('a service account that Google refuses is for the operator to fix: the user gets their own reason', async () => {
    google.failures.space = [403];
    expect(codeOf(await create())).toBe('ZOOM_NOT_CONNECTED');
    expect(withGoogle.log.lines).toContainEqual(
      expect.objectContaining({ msg: 'Google Meet call failed', level: 'fatal' }),
    );
    google.expireTokens();
    google.failures.token = [400];
    expect(codeOf(await create())).toBe('ZOOM_NOT_CONNECTED');
  });

  test.each([[503], ['reset']] as const)(
    'a transient failure (%s) is reported, with its outcome',
    async (failure) => {
      google.failures.space = [failure];
      const { errors } = await create();
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'ZOOM_UNAVAILABLE', outcomeUnknown: true });
    },
  );

  test('the private key is in no log', () => {
    expect(withGoogle.log.text()).not.toContain('PRIVATE KEY');
  });
});

describe('ownership', () => {
  test('the owner reads, changes and deletes a meeting that the app hosts', async () => {
    const { owner, id } = await hostedMeeting();
    expect((await meetings.read(owner, id)).data.zoomMeeting).toMatchObject({ id, startUrl: null });
    expect((await meetings.update(owner, { id, topic: 'Mine' })).data.updateZoomMeeting.meeting.topic).toBe(
      'Mine',
    );
    expect((await meetings.remove(owner, { id })).data.deleteZoomMeeting.meetingId).toBe(id);
    expect(await withAll.database.models.hostedMeetings.findOne({ meetingId: id })).toBeNull();
  });

  test('deleting is a success again, and also when Zoom has lost the meeting', async () => {
    const { owner, id } = await hostedMeeting();
    const body = { code: 3001, message: `Meeting does not exist: ${id}.` };
    withAll.sandbox.control.injectFault({
      target: 'api',
      kind: 'status',
      status: 404,
      body,
      path: '/v2/meetings/',
    });
    for (let time = 0; time < 2; time++)
      expect((await meetings.remove(owner, { id })).data.deleteZoomMeeting.meetingId).toBe(id);
    expect(await withAll.database.models.hostedMeetings.findOne({ meetingId: id })).toBeNull();
    const deletions = await withAll.database.models.auditEvents.countDocuments({
      userId: owner,
      type: 'meeting.deleted',
    });
    expect(deletions).toBe(1);
    expect(codeOf(await meetings.remove(someUser(), { id }))).toBe('ZOOM_NOT_CONNECTED');
  });

  test('nobody else does: not a stranger, not a connected user, not even the Zoom user who is its host', async () => {
    const { id } = await hostedMeeting();
    const connected = someUser();
    await withAll.connect(connected);
    const host = someUser();
    await withAll.connect(host, { zoomUserId: appHost() });
    for (const userId of [someUser(), connected, host]) {
      const answers = [
        await meetings.read(userId, id),
        await meetings.update(userId, { id, topic: 'Mine' }),
        await meetings.remove(userId, { id }),
        await withAll.graphql(userId, `{ zoomRecording(meetingId: "${id}") { uuid } }`),
      ];
      expect(answers.map(codeOf)).toEqual(answers.map(() => 'ZOOM_NOT_FOUND'));
    }
  });

  test('the owner gets the recordings, by number and by UUID, and nobody else', async () => {
    const host = someUser();
    await withAll.connect(host, { zoomUserId: appHost() });
    const { data } = await withAll.graphql(host, '{ zoomRecordings { edges { node { meetingId uuid } } } }');
    const { meetingId, uuid } = data.zoomRecordings.edges[0].node as { meetingId: string; uuid: string };
    const owner = someUser();
    await withAll.database.models.hostedMeetings.create({
      meetingId,
      userId: owner,
      hostedBy: 'APP',
      createdAt: new Date(),
    });
    const recording = (userId: string, id: string) =>
      withAll.graphql(userId, 'query ($id: ID!) { zoomRecording(meetingId: $id) { uuid } }', {
        variables: { id },
      });
    expect((await recording(owner, meetingId)).data.zoomRecording).toEqual({ uuid });
    expect((await recording(owner, uuid)).data.zoomRecording).toEqual({ uuid });
    expect(codeOf(await recording(someUser(), meetingId))).toBe('ZOOM_NOT_FOUND');
    expect(codeOf(await recording(someUser(), uuid))).toBe('ZOOM_NOT_CONNECTED');
    await withAll.database.models.hostedMeetings.deleteOne({ meetingId });
  });

  test('a service acts for the owner and is no owner itself', async () => {
    const { owner, id } = await hostedMeeting();
    expect(codeOf(await meetings.read('booking', id, { role: 'service' }))).toBe('ZOOM_NOT_FOUND');
    const { data } = await meetings.read('booking', id, { role: 'service', onBehalfOf: owner });
    expect(data.zoomMeeting.id).toBe(id);
  });
});

describe('an idempotency key', () => {
  const creations = () => withAll.database.models.meetingCreations;

  test.each([true, false])(
    'makes a repetition return the first meeting (connected: %p)',
    async (connected) => {
      const userId = someUser();
      if (connected) await withAll.connect(userId);
      const keyed = { ...input(), idempotencyKey: randomUUID() };
      const first = await meetings.create(userId, keyed);
      const before = postsAt(withAll);
      const second = await meetings.create(userId, keyed);
      expect(second.data.createZoomMeeting.meeting.id).toBe(first.data.createZoomMeeting.meeting.id);
      expect(second.data.createZoomMeeting.hostedBy).toBe(first.data.createZoomMeeting.hostedBy);
      expect(second.data.createZoomMeeting.fallbackReason).toBe(first.data.createZoomMeeting.fallbackReason);
      expect(postsAt(withAll)).toBe(before);
      const audited = await withAll.database.models.auditEvents
        .find({ userId })
        .sort({ occurredAt: -1 })
        .lean();
      expect(audited.filter(({ type }) => type === 'meeting.created')).toHaveLength(1);
    },
  );

  test('makes ten requests at once one meeting', async () => {
    const userId = someUser();
    await withAll.connect(userId);
    const keyed = { ...input(), idempotencyKey: randomUUID() };
    const before = postsAt(withAll);
    const answers = await Promise.all(Array.from({ length: 10 }, () => meetings.create(userId, keyed)));
    expect(answers.map(codeOf)).toEqual(answers.map(() => undefined));
    expect(new Set(answers.map(({ data }) => data.createZoomMeeting.meeting.id)).size).toBe(1);
    expect(postsAt(withAll)).toBe(before + 1);
  });

  test('is one for each user', async () => {
    const keyed = { ...input(), idempotencyKey: randomUUID() };
    const [a, b] = [await meetings.create(someUser(), keyed), await meetings.create(someUser(), keyed)];
    expect(a.data.createZoomMeeting.meeting.id).not.toBe(b.data.createZoomMeeting.meeting.id);
  });

  test('of another meeting is refused', async () => {
    const userId = someUser();
    const idempotencyKey = randomUUID();
    await meetings.create(userId, { ...input(), idempotencyKey });
    const answer = await meetings.create(userId, { ...input(), topic: 'Another', idempotencyKey });
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'input.idempotencyKey',
    });
  });

  test('is free again after a failure that made nothing', async () => {
    const userId = someUser();
    const keyed = { ...input(), idempotencyKey: randomUUID(), allowFallback: false };
    expect(codeOf(await meetings.create(userId, keyed))).toBe('ZOOM_NOT_CONNECTED');
    await withAll.connect(userId);
    expect((await meetings.create(userId, keyed)).data.createZoomMeeting.hostedBy).toBe('USER');
  });

  test('is refused for good after an answer that was lost: never two meetings', async () => {
    const userId = someUser();
    await withAll.connect(userId);
    const keyed = { ...input(), idempotencyKey: randomUUID() };
    withAll.sandbox.control.injectFault({ target: 'api', kind: 'drop_answer', path: '/v2/users/me' });
    expect((await meetings.create(userId, keyed)).errors?.[0]?.extensions['outcomeUnknown']).toBe(true);
    const before = postsAt(withAll);
    expect(codeOf(await meetings.create(userId, keyed))).toBe('BAD_USER_INPUT');
    expect(postsAt(withAll)).toBe(before);
  });

  test('of a process that died in between is refused; while a process is at work the error is transient', async () => {
    const userId = someUser();
    const keyed = { ...input(), idempotencyKey: randomUUID() };
    await meetings.create(userId, keyed);
    const state = (presumedDeadAt: Date) =>
      creations().updateOne(
        { userId, key: keyed.idempotencyKey },
        { $set: { state: 'in_progress', presumedDeadAt } },
      );
    await state(new Date(withAll.clock().getTime() - 1));
    expect(codeOf(await meetings.create(userId, keyed))).toBe('BAD_USER_INPUT');
    await state(new Date(withAll.clock().getTime() + 60_000));
    const { errors } = await meetings.create(userId, keyed);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'ZOOM_UNAVAILABLE', retryAt: expect.any(String) });
  });

  test('is forgotten after a day, whether or not its row is gone', async () => {
    const userId = someUser();
    const keyed = {
      ...input(),
      startTime: new Date(withAll.clock().getTime() + 7 * 86_400_000).toISOString(),
    };
    const create = () => meetings.create(userId, { ...keyed, idempotencyKey: 'the same' });
    const first = await create();
    await withAll.advance(86_400_000 + 1_000);
    const second = await create();
    expect(second.data.createZoomMeeting.meeting.id).not.toBe(first.data.createZoomMeeting.meeting.id);
  });
});

describe('the platform hosts a bounded number of meetings for one user', () => {
  test('a user who is not connected gets ten in a minute, and others are served', async () => {
    const greedy = someUser();
    const created = await Promise.all(Array.from({ length: 12 }, () => meetings.create(greedy, input())));
    const refused = created.filter(({ errors }) => errors);
    expect(refused).toHaveLength(2);
    for (const answer of refused) {
      expect(codeOf(answer)).toBe('RATE_LIMITED');
      const retryAt = Date.parse(String(answer.errors?.[0]?.extensions['retryAt']));
      expect(retryAt - withAll.clock().getTime()).toBeGreaterThan(0);
      expect(retryAt - withAll.clock().getTime()).toBeLessThanOrEqual(61_000);
    }
    const before = postsAt(withAll);
    expect(codeOf(await meetings.create(greedy, input()))).toBe('RATE_LIMITED');
    expect(postsAt(withAll)).toBe(before);
    const { data } = await meetings.create(someUser(), input());
    expect(data.createZoomMeeting.hostedBy).toBe('APP');
  });

  test('aliases in one operation count one by one', async () => {
    const fields = Array.from(
      { length: 19 },
      (_, index) =>
        `a${index}: createZoomMeeting(input: { topic: "x", startTime: "2030-01-01T00:00:00Z" }) { hostedBy }`,
    );
    const { errors } = await withAll.graphql(someUser(), `mutation { ${fields.join(' ')} }`);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['RATE_LIMITED']);
  });

  test('as many in a day as is configured', async () => {
    const api = { ...withAll.config.api, hostedMeetingsPerDay: 2 };
    const harness = await startHarness({ config: { fallbacks: { zoomApp: SANDBOX_APP }, api } });
    const own = meetingOperations(harness);
    const userId = someUser();
    const codes = [];
    for (let call = 0; call < 3; call++) codes.push(codeOf(await own.create(userId, inAnHour(harness))));
    expect(codes).toEqual([undefined, undefined, 'RATE_LIMITED']);
    await harness.close();
  });

  test('meetings in their own accounts are not counted', async () => {
    const userId = someUser();
    await withAll.connect(userId);
    const created = await Promise.all(Array.from({ length: 11 }, () => meetings.create(userId, input())));
    expect(created.map((answer) => codeOf(answer))).toEqual(Array(11).fill(undefined));
  });

  test('a refused creation leaves its idempotency key free', async () => {
    const greedy = someUser();
    await Promise.all(Array.from({ length: 10 }, () => meetings.create(greedy, input())));
    const keyed = { ...input(), idempotencyKey: randomUUID() };
    expect(codeOf(await meetings.create(greedy, keyed))).toBe('RATE_LIMITED');
    await withAll.connect(greedy);
    expect(codeOf(await meetings.create(greedy, keyed))).toBeUndefined();
  });
});
