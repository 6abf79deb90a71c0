import fc from 'fast-check';
import { askWith, type OPERATIONS } from '../../support/answers-through-graphql.js';
import {
  differences,
  type JsonPath,
  leavesOf,
  ODD_VALUES,
  pathsIn,
  withValueAt,
} from '../../support/odd-json.js';
import {
  HOST_ID,
  MEETING,
  MEETING_LIST,
  PROFILE,
  RECORDING,
  RECORDING_LIST,
} from '../../support/zoom-answers.js';

/** The complete answer behind each operation, and the only paths without which nothing can be answered. */
const ANSWERS: Record<keyof typeof OPERATIONS, { sample: object; needed: string[] }> = {
  zoomProfile: { sample: PROFILE, needed: [] },
  zoomMeetings: { sample: MEETING_LIST, needed: [] },
  zoomMeeting: { sample: MEETING, needed: ['id'] },
  createZoomMeeting: { sample: MEETING, needed: ['id'] },
  zoomRecordings: { sample: RECORDING_LIST, needed: [] },
  // Its number or its UUID: each alone is enough.
  zoomRecording: { sample: RECORDING, needed: [] },
};
const OPERATION_NAMES = Object.keys(ANSWERS) as (keyof typeof OPERATIONS)[];
/** The fields without which an element of a list is left out, because nothing names it. */
const NAMES_ELEMENT = /^(meetings\.\d+\.id|occurrences\.\d+\.occurrence_id)$/;
/** Fields that Zoom gives for one meeting, and not in a list. */
const NOT_IN_LISTS = /^zoomMeetings\.edges\.\d+\.node\.(password|settings|occurrences|startUrl)$/;
const cases = OPERATION_NAMES.flatMap((operation) =>
  [...pathsIn(ANSWERS[operation].sample)]
    .map((path) => [operation, path.join('.'), path] as const)
    // What is in the second item of a list is as in the first.
    .filter(([, name]) => !name.startsWith('meetings.1.')),
);

/** Whether the value at a path is neither an object, a list, nor an element of a list. */
function isPlain(sample: object, path: JsonPath): boolean {
  const value = path.reduce<unknown>(
    (place, key) => (place as Record<string | number, unknown>)[key],
    sample,
  );
  return (typeof value !== 'object' || value === null) && typeof path.at(-1) === 'string';
}

test.each(OPERATION_NAMES)('the complete answer fills every field of %s', async (operation) => {
  const { data, error } = await askWith(operation, ANSWERS[operation].sample);
  expect(error).toBeUndefined();
  const empty = [...leavesOf(data)].filter(([path, value]) => value === null && !NOT_IN_LISTS.test(path));
  expect(empty).toEqual([]);
});

test.each(cases)(
  '%s is answered whatever is in %s, and loses nothing else',
  async (operation, name, path) => {
    const { sample, needed } = ANSWERS[operation];
    const whole = await askWith(operation, sample);
    const without = await askWith(operation, withValueAt(sample, path, undefined));
    expect([name, without.error]).toEqual([name, needed.includes(name) ? 'ZOOM_UNAVAILABLE' : undefined]);
    const mayDiffer = needed.includes(name)
      ? differences(whole.data, {}).filter((leaf) => leaf.endsWith(`.${name}`))
      : differences(whole.data, without.data);
    const namesElement = NAMES_ELEMENT.test(name) && operation !== 'zoomRecordings';
    if (isPlain(sample, path) && !needed.includes(name) && !namesElement)
      expect([...leavesOf(without.data).keys()]).toEqual([...leavesOf(whole.data).keys()]);
    for (const odd of ODD_VALUES) {
      const { data, error } = await askWith(operation, withValueAt(sample, path, odd));
      if (needed.includes(name) && error === 'ZOOM_UNAVAILABLE') continue;
      const unexpected = differences(whole.data, data).filter(
        (leaf) => !mayDiffer.some((allowed) => leaf === allowed || leaf.startsWith(`${allowed}.`)),
      );
      expect({ odd, error, unexpected }).toEqual({ odd, error: undefined, unexpected: [] });
    }
  },
);

test.each(OPERATION_NAMES)('%s is answered with any number of odd fields at once', async (operation) => {
  const { sample, needed } = ANSWERS[operation];
  const paths = [...pathsIn(sample)].filter((path) => !needed.includes(path.join('.')));
  const isSet = (path: readonly (string | number)[], odd: object) =>
    path.slice(0, -1).reduce<unknown>((place, key) => (place as Record<string, unknown>)[key], odd);
  const odd = fc
    .array(fc.tuple(fc.constantFrom(...paths), fc.jsonValue()), { maxLength: 12 })
    .map((changes) =>
      // The deepest first, so that every path still leads somewhere.
      changes
        .sort(([a], [b]) => b.length - a.length)
        .reduce<object>(
          (body, [path, value]) => (isSet(path, body) ? withValueAt(body, path, value) : body),
          sample,
        ),
    );
  await fc.assert(
    fc.asyncProperty(odd, async (body) => {
      const { error } = await askWith(operation, body);
      // Without number and UUID a recording has no name.
      if (operation === 'zoomRecording') expect([undefined, 'ZOOM_UNAVAILABLE']).toContain(error);
      else expect(error).toBeUndefined();
    }),
    { numRuns: 40 },
  );
});

test.each(
  OPERATION_NAMES.flatMap((operation) =>
    [null, '', 'text', 5, true, [], [null]].map((body) => [operation, body] as const),
  ),
)('%s of a body %j is ZOOM_UNAVAILABLE', async (operation, body) => {
  expect((await askWith(operation, body)).error).toBe('ZOOM_UNAVAILABLE');
});

test.each(['zoomMeetings', 'zoomRecordings'] as const)(
  '%s without a list is an empty list at its end',
  async (operation) => {
    for (const body of [{}, { meetings: null }, { meetings: {} }, { meetings: [], next_page_token: null }]) {
      const { data, error } = await askWith(operation, body);
      expect(error).toBeUndefined();
      expect(data[operation]).toMatchObject({ edges: [], pageInfo: { hasNextPage: false, endCursor: null } });
    }
  },
);

test.each([
  ['zoomMeeting', { ...MEETING, duration: '60' }, 'zoomMeeting.durationMinutes', 60],
  ['zoomMeeting', { ...MEETING, duration: 30.5 }, 'zoomMeeting.durationMinutes', 31],
  ['zoomMeeting', { ...MEETING, duration: 1e12 }, 'zoomMeeting.durationMinutes', null],
  ['zoomMeeting', { ...MEETING, type: '2' }, 'zoomMeeting.type', 'SCHEDULED'],
  ['zoomMeeting', { ...MEETING, type: 4 }, 'zoomMeeting.type', 'OTHER'],
  ['zoomMeeting', { ...MEETING, type: 10 }, 'zoomMeeting.type', 'OTHER'],
  ['zoomMeeting', { ...MEETING, password: 123456 }, 'zoomMeeting.password', '123456'],
  [
    'zoomMeeting',
    { ...MEETING, settings: { waiting_room: 'true' } },
    'zoomMeeting.settings.waitingRoom',
    true,
  ],
  [
    'zoomMeeting',
    { ...MEETING, settings: { auto_recording: 'elsewhere' } },
    'zoomMeeting.settings.autoRecording',
    null,
  ],
  ['zoomMeeting', { ...MEETING, start_time: '0001-01-01T00:00:00Z' }, 'zoomMeeting.startTime', null],
  ['zoomMeeting', { ...MEETING, join_url: 'javascript:alert(1)' }, 'zoomMeeting.joinUrl', null],
  [
    'zoomMeeting',
    { ...MEETING, start_time: '2030-01-15T19:00:00' },
    'zoomMeeting.startTime',
    '2030-01-15T18:00:00.000Z',
  ],
  ['zoomMeetings', { ...MEETING_LIST, total_records: '3' }, 'zoomMeetings.totalCount', 3],
  ['zoomMeetings', { ...MEETING_LIST, total_records: 1e12 }, 'zoomMeetings.totalCount', null],
  ['zoomRecording', { ...RECORDING, total_size: '386951' }, 'zoomRecording.totalSizeBytes', 386951],
  ['zoomRecording', { ...RECORDING, total_size: 1e300 }, 'zoomRecording.totalSizeBytes', 1e300],
  ['zoomRecording', { ...RECORDING, id: undefined }, 'zoomRecording.meetingId', RECORDING.uuid],
  ['zoomProfile', { ...PROFILE, id: 1 }, 'zoomProfile.id', '1'],
  ['zoomProfile', { ...PROFILE, id: undefined }, 'zoomProfile.id', HOST_ID],
  ['zoomProfile', { ...PROFILE, type: '1' }, 'zoomProfile.type', 'BASIC'],
  ['zoomProfile', { ...PROFILE, timezone: ' ' }, 'zoomProfile.timezone', null],
  ['zoomProfile', { ...PROFILE, first_name: 'A\0d\ud800a' }, 'zoomProfile.firstName', 'Ada'],
] as const)('%s with an odd field is told what is certain: %#', async (operation, body, leaf, expected) => {
  const { data } = await askWith(operation, body);
  expect(leavesOf(data).get(leaf)).toBe(expected);
});
