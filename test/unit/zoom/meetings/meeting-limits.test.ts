import {
  type MeetingChanges,
  type NewMeeting,
  type Recurrence,
} from '../../../../src/zoom/meetings/meeting-input.js';
import { checkMeetingChanges, checkNewMeeting } from '../../../../src/zoom/meetings/meeting-limits.js';

const NOW = new Date('2026-01-15T12:00:00Z');
const TOMORROW = new Date('2026-01-16T12:00:00Z');
const MEETING: NewMeeting = { schedule: 'SCHEDULED', topic: 'Coaching', startTime: TOMORROW };
const WEEKLY: Recurrence = { repeat: 'WEEKLY', weekdays: ['MONDAY'], endTimes: 3 };
const series = (recurrence: Recurrence): NewMeeting => ({
  ...MEETING,
  schedule: 'RECURRING_FIXED_TIME',
  recurrence,
});

/** The argument that is refused; undefined: none. */
function refusedBy(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    const { code, details } = error as { code: string; details: { argument: string } };
    expect(code).toBe('BAD_USER_INPUT');
    return details.argument.replace(/^input\./, '');
  }
}
const refused = (meeting: NewMeeting) =>
  refusedBy(() => {
    checkNewMeeting(meeting, NOW);
  });

test.each<[string, Partial<NewMeeting>]>([
  ['a plain one', {}],
  ['the longest topic and agenda', { topic: 'x'.repeat(200), agenda: 'x'.repeat(2000) }],
  ['every kind of character in the password', { password: 'Az09@-_*!#' }],
  ['a topic of 200 emoji', { topic: '\u{1F469}\u{1F3FD}\u200d\u{1F680}'.repeat(200) }],
  ['a topic of 200 letters with accents', { topic: 'e\u0301'.repeat(200) }],
  ['an agenda of 2000 emoji', { agenda: '\u{1F600}'.repeat(2000) }],
  ['a time zone in lower case', { timezone: 'europe/berlin' }],
  ['a day long', { durationMinutes: 1440 }],
  ['a time zone', { timezone: 'America/Argentina/Buenos_Aires' }],
  ['UTC', { timezone: 'UTC' }],
  ['without a fixed time', { schedule: 'RECURRING_NO_FIXED_TIME', startTime: undefined }],
])('a meeting passes: %s', (_what, parts) => {
  expect(refused({ ...MEETING, ...parts })).toBeUndefined();
});

test.each<[string, Partial<NewMeeting>, string]>([
  ['an empty topic', { topic: ' ' }, 'topic'],
  ['a topic too long', { topic: 'x'.repeat(201) }, 'topic'],
  ['an agenda too long', { agenda: 'x'.repeat(2001) }, 'agenda'],
  ['an empty password', { password: '' }, 'password'],
  ['a password too long', { password: '12345678901' }, 'password'],
  ['a password with a space', { password: 'a b' }, 'password'],
  ['a password with a letter that is not ASCII', { password: 'p\u00e4ss' }, 'password'],
  ['a topic of 201 emoji', { topic: '\u{1F600}'.repeat(201) }, 'topic'],
  ['an agenda of 2001 letters with accents', { agenda: 'e\u0301'.repeat(2001) }, 'agenda'],
  ['no length', { durationMinutes: 0 }, 'durationMinutes'],
  ['more than a day', { durationMinutes: 1441 }, 'durationMinutes'],
  ['a start now', { startTime: NOW }, 'startTime'],
  ['no start', { startTime: undefined }, 'startTime'],
  ['a start without a fixed time', { schedule: 'RECURRING_NO_FIXED_TIME' }, 'startTime'],
  ['an unknown time zone', { timezone: 'Europe/Atlantis' }, 'timezone'],
  ['an offset for a time zone', { timezone: '+01:00' }, 'timezone'],
  ['an empty time zone', { timezone: '' }, 'timezone'],
  ['a rule for a single meeting', { recurrence: WEEKLY }, 'recurrence'],
  ['a series without a rule', { schedule: 'RECURRING_FIXED_TIME' }, 'recurrence'],
])('a meeting is refused: %s', (_what, parts, argument) => {
  expect(refused({ ...MEETING, ...parts })).toBe(argument);
});

test.each<[string, Recurrence]>([
  ['daily', { repeat: 'DAILY', interval: 99, endTimes: 60 }],
  ['weekly', { ...WEEKLY, interval: 50 }],
  ['monthly on a day', { repeat: 'MONTHLY', interval: 10, dayOfMonth: 31, endTimes: 1 }],
  [
    'monthly on the last Friday',
    { repeat: 'MONTHLY', weekOfMonth: 'LAST', weekdays: ['FRIDAY'], endTimes: 2 },
  ],
  ['without an end', { ...WEEKLY, endTimes: undefined }],
  ['with 0 dates, which means no end', { ...WEEKLY, endTimes: 0 }],
  ['until a day', { repeat: 'DAILY', endAt: new Date('2026-02-01T00:00:00Z') }],
])('a series passes: %s', (_what, recurrence) => {
  expect(refused(series(recurrence))).toBeUndefined();
});

test.each<[string, Recurrence, string]>([
  ['every 0 days', { repeat: 'DAILY', interval: 0, endTimes: 1 }, 'interval'],
  ['every 100 days', { repeat: 'DAILY', interval: 100, endTimes: 1 }, 'interval'],
  ['every 11 months', { repeat: 'MONTHLY', interval: 11, dayOfMonth: 1, endTimes: 1 }, 'interval'],
  ['weekly without days', { repeat: 'WEEKLY', endTimes: 1 }, 'weekdays'],
  ['the same day twice', { ...WEEKLY, weekdays: ['MONDAY', 'MONDAY'] }, 'weekdays'],
  ['daily with days', { repeat: 'DAILY', weekdays: ['MONDAY'], endTimes: 1 }, 'weekdays'],
  ['weekly with a day of the month', { ...WEEKLY, dayOfMonth: 1 }, 'dayOfMonth'],
  ['weekly with a week of the month', { ...WEEKLY, weekOfMonth: 'LAST' }, 'weekOfMonth'],
  ['monthly without a day', { repeat: 'MONTHLY', endTimes: 1 }, 'dayOfMonth'],
  ['monthly with both', { repeat: 'MONTHLY', dayOfMonth: 1, weekOfMonth: 'LAST', endTimes: 1 }, 'dayOfMonth'],
  ['the 32nd', { repeat: 'MONTHLY', dayOfMonth: 32, endTimes: 1 }, 'dayOfMonth'],
  ['a week without its day', { repeat: 'MONTHLY', weekOfMonth: 'LAST', endTimes: 1 }, 'weekdays'],
  ['-1 dates', { ...WEEKLY, endTimes: -1 }, 'endTimes'],
  ['0 dates and a day', { ...WEEKLY, endTimes: 0, endAt: new Date('2026-02-01T00:00:00Z') }, 'endTimes'],
  ['two ends', { ...WEEKLY, endAt: new Date('2026-02-01T00:00:00Z') }, 'endTimes'],
  ['61 dates', { ...WEEKLY, endTimes: 61 }, 'endTimes'],
  ['an end before the start', { repeat: 'DAILY', endAt: TOMORROW }, 'endAt'],
])('a series is refused: %s', (_what, recurrence, field) => {
  expect(refused(series(recurrence))).toBe(`recurrence.${field}`);
});

const refusedUpdate = (changes: MeetingChanges, ofOneDate = false) =>
  refusedBy(() => {
    checkMeetingChanges(changes, { now: NOW, ofOneDate });
  });

test.each<[string, MeetingChanges, string]>([
  ['a start now', { startTime: NOW }, 'startTime'],
  ['an empty topic', { topic: '' }, 'topic'],
  ['a passcode with characters that only a new meeting may have', { password: 'a!#1' }, 'password'],
])('an update is refused: %s', (_what, changes, argument) => {
  expect(refusedUpdate(changes)).toBe(argument);
});

test.each<[string, MeetingChanges]>([
  ['no field', {}],
  ['only fields that are left out', { topic: undefined, settings: undefined }],
  ['empty settings', { settings: {} }],
  ['settings that are left out', { settings: { waitingRoom: undefined } }],
])('an update that changes nothing is refused: %s', (_what, changes) => {
  expect(refusedUpdate(changes)).toBe('input');
  expect(refusedUpdate(changes, true)).toBe('input');
});

/** One value for each field of an update: a new field has to take a side here. */
const EACH_FIELD: Required<MeetingChanges> = {
  topic: 'x',
  agenda: '',
  startTime: TOMORROW,
  timezone: 'UTC',
  durationMinutes: 1,
  password: 'x',
  recurrence: WEEKLY,
  settings: { waitingRoom: false },
};
const OF_A_DATE = ['agenda', 'startTime', 'durationMinutes', 'settings'];

test.each(Object.entries(EACH_FIELD))('%s alone is an update', (field, value) => {
  expect(refusedUpdate({ [field]: value })).toBeUndefined();
});

test.each(Object.entries(EACH_FIELD))('%s of one date is sent only if Zoom changes it', (field, value) => {
  expect(refusedUpdate({ durationMinutes: 1, [field]: value }, true)).toBe(
    OF_A_DATE.includes(field) ? undefined : field,
  );
});
