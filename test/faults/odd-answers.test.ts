import { randomUUID } from 'node:crypto';
import { type NamedAnswerView } from '../../src/dev/sandbox/http/named-answers.js';
import { type GraphQLAnswer, type Harness, someUser, startHarness } from '../support/harness.js';

/**
 * Each answer that the sandbox knows by name, played to each operation that can meet it. The sandbox documents them in
 * docs/sandbox.md with their sources.
 */
let harness: Harness;
let answers: NamedAnswerView[];
beforeAll(async () => {
  harness = await startHarness();
  answers = harness.sandbox.control.namedAnswers();
});
afterAll(() => harness.close());
afterEach(() => {
  harness.sandbox.control.clearFaults();
});

const START = '2031-03-19T18:00:00Z';
const create = (key: string) =>
  `mutation { createZoomMeeting(input: { topic: "Lesson", startTime: "${START}", idempotencyKey: "${key}" }) { meeting { id topic durationMinutes password settings { waitingRoom } } } }`;

/** The operations, and the path that the sandbox gets. */
const OPERATIONS: Record<string, (meetingId: string) => string> = {
  profile: () => '{ zoomProfile { id displayName email type timezone } }',
  list: () =>
    '{ zoomMeetings { totalCount edges { node { id topic type startTime durationMinutes joinUrl } } } }',
  recordings: () =>
    '{ zoomRecordings { edges { node { meetingId topic durationMinutes totalSizeBytes } } } }',
  read: (id) =>
    `{ zoomMeeting(id: "${id}") { id topic type startTime durationMinutes settings { waitingRoom } occurrences { id } } }`,
  update: (id) =>
    `mutation { updateZoomMeeting(input: { id: "${id}", topic: "Another" }) { meeting { id topic } } }`,
  delete: (id) => `mutation { deleteZoomMeeting(input: { id: "${id}" }) { meetingId } }`,
};

const errorOf = ({ errors }: GraphQLAnswer) => errors?.[0]?.extensions;
const codeOf = (answer: GraphQLAnswer) => errorOf(answer)?.code;
const isDefinite = ({ status }: NamedAnswerView) =>
  status !== null && status >= 400 && status < 500 && ![408, 425, 429].includes(status);

/** A connected user in an account of their own, with a meeting, so that no rate limit reaches anybody else. */
async function newUser() {
  const userId = someUser();
  const zoomUser = harness.sandbox.control.addUser({ accountId: randomUUID() });
  expect((await harness.connect(userId, { zoomUserId: zoomUser.id })).location).toContain('zoom=connected');
  const [meetingId] = harness.sandbox.control.addMeetings(zoomUser.id, 1);
  return { userId, meetingId: String(meetingId) };
}

/** How many meetings the user has at Zoom. */
async function meetingsOf(userId: string): Promise<number> {
  const { data } = await harness.graphql(userId, '{ zoomMeetings(type: SCHEDULED) { totalCount } }');
  return data.zoomMeetings.totalCount as number;
}

/** A daily limit outlasts the answer; nothing else does. */
async function expectUnharmed(userId: string, { name }: NamedAnswerView): Promise<void> {
  harness.sandbox.control.clearFaults();
  const { data } = await harness.graphql(userId, '{ zoomConnection { status } }');
  expect(data.zoomConnection).toEqual({ status: 'CONNECTED' });
  const code = codeOf(await harness.graphql(userId, '{ zoomProfile { id } }'));
  expect([undefined, ...(name.startsWith('limit_') ? ['ZOOM_RATE_LIMITED'] : [])]).toContain(code);
}

test('there are about a hundred answers', () => {
  expect(answers.length).toBeGreaterThan(100);
});

test.each(Object.entries(OPERATIONS))(
  'the operation %s reaches Zoom, and succeeds there',
  async (_name, operation) => {
    const { userId, meetingId } = await newUser();
    harness.sandbox.control.resetCounters();
    expect((await harness.graphql(userId, operation(meetingId))).errors).toBeUndefined();
    expect(harness.sandbox.control.counters().apiRequests).toBeGreaterThan(0);
  },
);

test.each(Object.entries(OPERATIONS))(
  'every answer to the operation %s is understood: no fault of ours, and a refusal is a refusal',
  async (_name, operation) => {
    for (const answer of answers.filter(({ target }) => target === 'api')) {
      const { userId, meetingId } = await newUser();
      harness.sandbox.control.answer(answer.name, { times: 10 });
      const told = await harness.graphql(userId, operation(meetingId));
      const seen = { answer: answer.name, code: codeOf(told) };
      expect(seen).not.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
      if (isDefinite(answer)) {
        expect(seen).not.toMatchObject({ code: 'ZOOM_UNAVAILABLE' });
        expect(errorOf(told)?.['outcomeUnknown']).toBeUndefined();
      }
      await expectUnharmed(userId, answer);
    }
    expect(harness.log.text()).not.toContain('unexpected error');
  },
  600_000,
);

test('every answer to a creation leaves its meeting reachable, or its key usable, or says that nobody knows', async () => {
  for (const answer of answers.filter(({ target }) => target === 'api')) {
    const { userId } = await newUser();
    const before = await meetingsOf(userId);
    harness.sandbox.control.answer(answer.name, { times: 10 });
    const first = await harness.graphql(userId, create('booking'));
    harness.sandbox.control.clearFaults();
    const isMade = (await meetingsOf(userId)) > before;
    const again = await harness.graphql(userId, create('booking'));
    const seen = { answer: answer.name, first: codeOf(first) ?? 'made', again: codeOf(again) ?? 'made' };
    expect(seen).not.toMatchObject({ first: 'INTERNAL_SERVER_ERROR' });
    if (errorOf(first)?.['outcomeUnknown'] === true) {
      expect(isDefinite(answer)).toBe(false);
    } else {
      // Either it was made and told, or it was not made and the key is free. A limit may last for the account.
      const isLimited = codeOf(first) === 'ZOOM_RATE_LIMITED';
      expect({ ...seen, isMade }).toMatchObject({ isMade: first.errors === undefined });
      expect(['made', ...(isLimited ? ['ZOOM_RATE_LIMITED'] : [])]).toContain(seen.again);
      if (seen.again === 'made' && !isLimited) expect(await meetingsOf(userId)).toBe(before + 1);
    }
  }
}, 600_000);

test.each(['exchange', 'refresh'] as const)(
  'no answer with good tokens to the %s loses the pair',
  async (target) => {
    const good = answers.filter(({ name }) => name.startsWith('tokens_'));
    expect(good.length).toBeGreaterThan(10);
    for (const { name } of good) {
      const userId = someUser();
      if (target === 'exchange') harness.sandbox.control.answer(name, { target });
      const { location } = await harness.connect(userId);
      expect([name, location]).toEqual([name, expect.stringMatching(/zoom=connected|reason=missing_scope/)]);
      if (target === 'refresh') harness.sandbox.control.answer(name, { target });
      for (let hours = 0; hours < 2; hours++) {
        await harness.advance(3_600_000);
        const { errors } = await harness.graphql(userId, '{ zoomProfile { id } }');
        expect([name, hours, errors]).toEqual([name, hours, undefined]);
      }
    }
  },
  300_000,
);

test('no refusal of a refresh but that of a dead token ends a connection', async () => {
  const DEAD = /^refresh_(dead|bare_reason|xml)/;
  for (const { name } of answers.filter((answer) => ['refresh', 'token'].includes(answer.target))) {
    if (name.startsWith('tokens_')) continue;
    const userId = someUser();
    await harness.connect(userId);
    await harness.advance(3_600_000);
    harness.sandbox.control.answer(name, { target: 'refresh', times: 20 });
    const told = await harness.graphql(userId, '{ zoomProfile { id } }');
    harness.sandbox.control.clearFaults();
    expect([name, codeOf(told)]).not.toContain('INTERNAL_SERVER_ERROR');
    const { data } = await harness.graphql(userId, '{ zoomConnection { status } }');
    const expected = DEAD.test(name) ? 'REAUTHORIZATION_REQUIRED' : 'CONNECTED';
    expect([name, data.zoomConnection.status]).toEqual([name, expected]);
    if (expected !== 'CONNECTED') continue;
    await harness.advance(3_600_000);
    expect([name, (await harness.graphql(userId, '{ zoomProfile { id } }')).errors]).toEqual([
      name,
      undefined,
    ]);
  }
}, 300_000);
