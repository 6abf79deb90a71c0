import {
  type MeetingChanges,
  type NewMeeting,
  type Recurrence,
} from '../../../../src/zoom/meetings/meeting-input.js';
import {
  argumentOfField,
  toMeetingBody,
  toNewMeetingBody,
} from '../../../../src/zoom/meetings/meeting-request.js';
import { createSchema } from '../../../../src/graphql/schema.js';
import { getNamedType, isInputObjectType } from 'graphql';

const json = (body: unknown) => JSON.parse(JSON.stringify(body)) as Record<string, unknown>;
const sent = (changes: MeetingChanges) => json(toMeetingBody(changes));
const created = (meeting: NewMeeting) => json(toNewMeetingBody(meeting));
const MEETING: NewMeeting = { schedule: 'SCHEDULED', topic: 'Coaching' };

test('a scheduled meeting with a time zone is sent in local time, and never in the personal room', () => {
  const startTime = new Date('2026-03-01T09:30:00.000Z');
  expect(created({ ...MEETING, startTime, timezone: 'Europe/Berlin', durationMinutes: 45 })).toEqual({
    type: 2,
    topic: 'Coaching',
    start_time: '2026-03-01T10:30:00',
    timezone: 'Europe/Berlin',
    duration: 45,
    settings: { use_pmi: false },
  });
});

test.each<[string, MeetingChanges, object]>([
  ['without a time zone', {}, { start_time: '2030-03-19T17:00:00Z' }],
  [
    'in winter',
    { timezone: 'Europe/Berlin' },
    { start_time: '2030-03-19T18:00:00', timezone: 'Europe/Berlin' },
  ],
  [
    'in a time zone in lower case',
    { timezone: 'europe/berlin' },
    { start_time: '2030-03-19T18:00:00', timezone: 'Europe/Berlin' },
  ],
  [
    'in the hour that comes twice',
    { timezone: 'Europe/Berlin', startTime: new Date('2030-10-27T01:30:00Z') },
    { start_time: '2030-10-27T01:30:00Z', timezone: 'Europe/Berlin' },
  ],
])('a start %s is sent so that it means one instant', (_what, parts, expected) => {
  const changes = { startTime: new Date('2030-03-19T17:00:00.500Z'), ...parts };
  expect(sent(changes)).toEqual(expected);
  expect(created({ ...changes, ...MEETING })).toMatchObject(expected);
});

test('an update with a time zone alone sends no start', () => {
  expect(sent({ timezone: 'Asia/Kolkata' })).toEqual({ timezone: 'Asia/Kolkata' });
});

test.each<[string, NewMeeting]>([
  ['without settings', MEETING],
  ['with settings', { ...MEETING, settings: { waitingRoom: true } }],
  ['without a fixed time', { ...MEETING, schedule: 'RECURRING_NO_FIXED_TIME' }],
])('a new meeting %s is never in the personal room, an update leaves that as it is', (_what, meeting) => {
  expect(created(meeting)['settings']).toMatchObject({ use_pmi: false });
  expect(JSON.stringify(sent(meeting))).not.toContain('use_pmi');
});

test('a weekly series names its days by number, Sunday first', () => {
  const recurrence = {
    repeat: 'WEEKLY',
    weekdays: ['SUNDAY', 'SATURDAY'],
    interval: 2,
    endTimes: 4,
  } as const;
  expect(
    created({
      schedule: 'RECURRING_FIXED_TIME',
      topic: 'x',
      recurrence: { ...recurrence, weekdays: [...recurrence.weekdays] },
    }),
  ).toMatchObject({
    type: 8,
    topic: 'x',
    recurrence: { type: 2, weekly_days: '1,7', repeat_interval: 2, end_times: 4 },
  });
});

test('a monthly series names a day, or a week and its day', () => {
  expect(
    sent({ recurrence: { repeat: 'MONTHLY', dayOfMonth: 31, endAt: new Date('2026-12-31T00:00:00Z') } }),
  ).toEqual({
    recurrence: { type: 3, monthly_day: 31, end_date_time: '2026-12-31T00:00:00Z' },
  });
  expect(
    sent({ recurrence: { repeat: 'MONTHLY', weekOfMonth: 'LAST', weekdays: ['FRIDAY'], endTimes: 1 } }),
  ).toEqual({
    recurrence: { type: 3, monthly_week: -1, monthly_week_day: 6, end_times: 1 },
  });
});

test('an update sends what changes and nothing else', () => {
  expect(sent({ settings: { waitingRoom: false, autoRecording: 'CLOUD' } })).toEqual({
    settings: { waiting_room: false, auto_recording: 'cloud' },
  });
  expect(sent({})).toEqual({});
});

test.each<[string, Partial<Recurrence>, object]>([
  ['nothing', {}, { end_times: 0 }],
  ['0 dates', { endTimes: 0 }, { end_times: 0 }],
  ['3 dates', { endTimes: 3 }, { end_times: 3 }],
  ['an instant', { endAt: new Date('2026-12-31T00:00:00Z') }, { end_date_time: '2026-12-31T00:00:00Z' }],
])('the end of a series that is given by %s', (_what, end, expected) => {
  const recurrence: Recurrence = { repeat: 'DAILY', ...end };
  expect(sent({ recurrence, timezone: 'Europe/Berlin' })['recurrence']).toEqual({ type: 1, ...expected });
});

describe('the argument for a field that Zoom names', () => {
  /** Every field has a value, so that the bodies of all hold every name that is ever sent. */
  const full = (recurrence: Required<Recurrence>): Required<NewMeeting> => ({
    schedule: 'RECURRING_FIXED_TIME',
    topic: 'x',
    agenda: 'x',
    startTime: new Date('2030-01-01T00:00:00Z'),
    timezone: 'UTC',
    durationMinutes: 1,
    password: 'x',
    recurrence,
    settings: {
      waitingRoom: true,
      joinBeforeHost: true,
      muteUponEntry: true,
      hostVideo: true,
      participantVideo: true,
      autoRecording: 'CLOUD',
    },
  });
  const rule = (repeat: Recurrence['repeat']): Required<Recurrence> => ({
    repeat,
    interval: 1,
    weekdays: ['MONDAY'],
    dayOfMonth: 1,
    weekOfMonth: 'FIRST',
    endTimes: 1,
    endAt: new Date('2030-02-01T00:00:00Z'),
  });
  const namesIn = (body: object, prefix = ''): string[] =>
    Object.entries(body).flatMap(([name, value]) => [
      `${prefix}${name}`,
      ...(typeof value === 'object' ? namesIn(value as object, `${prefix}${name}.`) : []),
    ]);
  const names = new Set(
    (['WEEKLY', 'MONTHLY'] as const).flatMap((repeat) => namesIn(created(full(rule(repeat))))),
  );
  /** What this server adds by itself. */
  const OURS = 'settings.use_pmi';

  const inputFields = (type: unknown, prefix: string): string[] =>
    isInputObjectType(type)
      ? Object.values(type.getFields()).flatMap((field) => [
          `${prefix}${field.name}`,
          ...inputFields(getNamedType(field.type), `${prefix}${field.name}.`),
        ])
      : [];
  const inputs = new Set(inputFields(createSchema().getType('CreateZoomMeetingInput'), 'input.'));

  test('is known for every field of a request, and is a field of the input', () => {
    expect(names.size).toBeGreaterThan(20);
    for (const name of names)
      expect([name, inputs.has(argumentOfField(name) ?? '')]).toEqual([name, name !== OURS]);
  });

  test('covers every field of the input that Zoom can complain about', () => {
    const reached = new Set([...names].map(argumentOfField));
    expect([...inputs].filter((field) => !reached.has(field))).toEqual([
      'input.allowFallback',
      'input.idempotencyKey',
    ]);
  });

  test.each([
    ['password', 'input.password'],
    ['start_time', 'input.startTime'],
    ['settings.waiting_room', 'input.settings.waitingRoom'],
    ['waiting_room', 'input.settings.waitingRoom'],
    ['recurrence.weekly_days[0]', 'input.recurrence.weekdays'],
    ['recurrence[0].end_times', 'input.recurrence.endTimes'],
    ['recurrence.0.end_date_time', 'input.recurrence.endAt'],
    ['end_times', 'input.recurrence.endTimes'],
    ['type', 'input.schedule'],
    ['recurrence.type', 'input.recurrence.repeat'],
    ['occurrence_id', 'input.occurrenceId'],
    ['settings.use_pmi', undefined],
    ['schedule_for', undefined],
    ['', undefined],
    ['.', undefined],
    ['constructor', undefined],
  ])('for %j is %j', (field, argument) => {
    expect(argumentOfField(field)).toBe(argument);
  });
});
