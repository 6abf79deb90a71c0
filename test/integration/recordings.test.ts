import { type Harness, someUser, startHarness } from '../support/harness.js';
import { codeOf } from '../support/meetings.js';

/** The sandbox's user with recordings 2, 7, 9, 45, 80 and 110 days ago; the one of 9 days ago has a UUID that begins with a slash. */
const RECORDED_USER = 'SbxLicensedCoach0Rk7Qw';
const DAY_MS = 86_400_000;

let harness: Harness;
let userId: string;
beforeAll(async () => {
  harness = await startHarness();
  userId = someUser();
  await harness.connect(userId, { zoomUserId: RECORDED_USER });
});
afterAll(() => harness.close());

const LIST = `query ($from: Date, $to: Date, $first: Int, $after: String) { zoomRecordings(from: $from, to: $to, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { cursor node { meetingId uuid startTime password } } } }`;
const ONE = `query ($id: ID!) { zoomRecording(meetingId: $id) { meetingId uuid topic startTime durationMinutes totalSizeBytes shareUrl password
  files { id fileType fileExtension sizeBytes recordingType status playUrl downloadUrl startTime endTime } } }`;

interface Recording {
  meetingId: string;
  uuid: string;
  startTime: string;
}

const dayAgo = (days: number) =>
  new Date(harness.clock().getTime() - days * DAY_MS).toISOString().slice(0, 10);
const list = (variables: object) => harness.graphql(userId, LIST, { variables });
const daysAgo = ({ startTime }: Recording) =>
  Math.round((harness.clock().getTime() - Date.parse(startTime)) / DAY_MS);

async function listAll(variables: object): Promise<Recording[]> {
  const found: Recording[] = [];
  for (let after: string | undefined; ;) {
    const { data, errors } = await list({ ...variables, after });
    expect(errors).toBeUndefined();
    const { edges, pageInfo } = data.zoomRecordings;
    found.push(...edges.map(({ node }: { node: Recording }) => node));
    if (!pageInfo.hasNextPage) return found;
    after = pageInfo.endCursor as string;
  }
}

test('without a range the last 30 days are listed, the newest first', async () => {
  const { data } = await list({});
  expect(data.zoomRecordings.edges.map(({ node }: { node: Recording }) => daysAgo(node))).toEqual([2, 7, 9]);
});

test.each([1, 2, 30])('a range of four months is one list, %i at a time', async (first) => {
  const found = await listAll({ from: dayAgo(120), to: dayAgo(0), first });
  expect(found.map(daysAgo)).toEqual([2, 7, 9, 45, 80, 110]);
});

test('no call to Zoom spans more than a month, on a sandbox that refuses longer ranges', async () => {
  harness.sandbox.control.configure({ recordingRange: 'error' });
  expect((await listAll({ from: dayAgo(800), to: dayAgo(0), first: 300 })).map(daysAgo)).toEqual([
    2, 7, 9, 45, 80, 110,
  ]);
  harness.sandbox.control.configure({ recordingRange: 'clamp' });
});

test('a range that runs backwards and a cursor of another range are refused', async () => {
  const backwards = await list({ from: dayAgo(1), to: dayAgo(2) });
  expect(backwards.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'from' });
  const { data } = await list({ from: dayAgo(120), first: 1 });
  const { endCursor: after } = data.zoomRecordings.pageInfo;
  const foreign = await list({ from: dayAgo(100), first: 1, after });
  expect(foreign.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'after' });
});

test('each recording is found by its UUID, slashes and all', async () => {
  const found = await listAll({ from: dayAgo(120) });
  expect(found.some(({ uuid }) => uuid.startsWith('/'))).toBe(true);
  expect(found.some(({ uuid }) => uuid.includes('//'))).toBe(true);
  for (const { uuid, meetingId } of found) {
    const { data, errors } = await harness.graphql(userId, ONE, { variables: { id: uuid } });
    expect(errors).toBeUndefined();
    expect(data.zoomRecording).toMatchObject({ uuid, meetingId });
  }
});

test('a meeting number finds its latest recorded instance, with its files and its passcode', async () => {
  const [latest, , protectedOne] = await listAll({});
  const { data } = await harness.graphql(userId, ONE, { variables: { id: latest?.meetingId } });
  expect(data.zoomRecording).toMatchObject({ uuid: latest?.uuid, durationMinutes: 42, password: null });
  const files = data.zoomRecording.files as { fileType: string; playUrl: string | null }[];
  expect(files.map(({ fileType }) => fileType)).toEqual(['MP4', 'M4A', 'TRANSCRIPT', 'CHAT']);
  const withPasscode = await harness.graphql(userId, ONE, { variables: { id: protectedOne?.uuid } });
  expect(withPasscode.data.zoomRecording.password).toBe('Sbx-2Pass');
});

test('captions and timelines, which have little more than an address, break nothing', async () => {
  const [, bare] = await listAll({});
  const { data } = await harness.graphql(userId, ONE, { variables: { id: bare?.uuid } });
  const file = (data.zoomRecording.files as { fileType: string }[]).find(({ fileType }) => fileType === 'CC');
  expect(file).toMatchObject({ id: null, sizeBytes: null, recordingType: null, playUrl: null, status: null });
});

test('a meeting without a recording is ZOOM_NOT_FOUND, a plan without recordings ZOOM_PLAN_REQUIRED', async () => {
  const free = someUser();
  await harness.connect(free, { zoomUserId: harness.sandbox.control.addUser({ type: 1 }).id });
  expect(codeOf(await harness.graphql(free, LIST))).toBe('ZOOM_PLAN_REQUIRED');
  expect(codeOf(await harness.graphql(userId, ONE, { variables: { id: '99999999999' } }))).toBe(
    'ZOOM_NOT_FOUND',
  );
});

test('calls for one account wait while Zoom limits it, and none of them fails', async () => {
  harness.sandbox.control.configure({ rateLimitPlan: 'free' });
  harness.sandbox.control.resetCounters();
  const answers = await Promise.all(Array.from({ length: 6 }, () => list({})));
  expect(answers.map(codeOf)).toEqual(answers.map(() => undefined));
  expect(harness.sandbox.control.counters().apiRequests).toBeLessThanOrEqual(18);
  harness.sandbox.control.configure({ rateLimitPlan: 'off' });
});

test('a daily limit of the account is reported with its end, and Zoom is not called again', async () => {
  await harness.advance(2_000);
  const end = new Date(Math.ceil(harness.clock().getTime() / DAY_MS) * DAY_MS).toISOString();
  const body = { code: 429, message: 'You have reached the maximum daily rate limit for this API.' };
  harness.sandbox.control.injectFault({ target: 'api', kind: 'rate_limited', body, retryAfter: end });
  harness.sandbox.control.resetCounters();
  for (let call = 0; call < 3; call++)
    expect((await list({})).errors?.[0]?.extensions).toMatchObject({
      code: 'ZOOM_RATE_LIMITED',
      retryAt: end,
    });
  expect(harness.sandbox.control.counters().apiRequests).toBe(1);
});
