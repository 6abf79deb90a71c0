import { badUserInput } from '../../lib/errors.js';
import { type MeetingChanges, type NewMeeting } from './meeting-input.js';
import { checkRecurrence } from './recurrence-limits.js';
import { timeZoneName } from './time-zone.js';

const MAX_TOPIC = 200;
const MAX_AGENDA = 2000;
const MAX_DURATION_MINUTES = 24 * 60;

/** What Zoom takes as a passcode. The text of PATCH still has the older rule (docs/zoom-protocol.md §5.4). */
const PASSCODES = {
  create: { pattern: /^[!-~]{1,10}$/, characters: 'letters, digits and special characters, without spaces' },
  update: { pattern: /^[A-Za-z0-9@\-_*]{1,10}$/, characters: 'A-Z, a-z, 0-9, @, -, _, *' },
};

/** What Zoom changes of a whole series only. For one date it ignores these fields and reports success. */
const OF_THE_WHOLE_SERIES = ['topic', 'password', 'timezone', 'recurrence'] as const;

/**
 * Checks a new meeting against Zoom's limits (docs/zoom-protocol.md §5.4).
 * @throws AppError `BAD_USER_INPUT` naming the field below `input`
 */
export function checkNewMeeting(meeting: NewMeeting, now: Date): void {
  const { schedule, startTime, recurrence } = meeting;
  const fixed = schedule !== 'RECURRING_NO_FIXED_TIME';
  if (fixed && !startTime) throw badUserInput('input.startTime', 'is needed for a meeting with a fixed time');
  if (!fixed && startTime) throw badUserInput('input.startTime', 'must be left out: there is no fixed time');
  const series = schedule === 'RECURRING_FIXED_TIME';
  if (series && !recurrence) throw badUserInput('input.recurrence', 'is needed for a series');
  if (!series && recurrence) throw badUserInput('input.recurrence', 'is for RECURRING_FIXED_TIME only');
  checkFields(meeting, now);
  checkPasscode(meeting.password, PASSCODES.create);
}

/**
 * Checks an update of a meeting, or of one date of a series, against Zoom's limits (docs/zoom-protocol.md §5.4). It
 * refuses what Zoom would silently ignore: nothing to change, a start in the past, and for one date the fields that only
 * the whole series has.
 * @throws AppError `BAD_USER_INPUT` naming the field below `input`
 */
export function checkMeetingChanges(
  changes: MeetingChanges,
  { now, ofOneDate }: { now: Date; ofOneDate: boolean },
): void {
  if (changesNothing(changes)) throw badUserInput('input', 'holds nothing to change');
  const ignored = OF_THE_WHOLE_SERIES.find((field) => changes[field] !== undefined);
  if (ofOneDate && ignored)
    throw badUserInput(`input.${ignored}`, 'cannot be changed for one date, only for the whole series');
  checkFields(changes, now);
  checkPasscode(changes.password, PASSCODES.update);
}

function changesNothing({ settings = {}, ...fields }: MeetingChanges): boolean {
  const values: unknown[] = Object.values({ ...fields, ...settings });
  return values.every((value) => value === undefined);
}

function checkFields(meeting: MeetingChanges, now: Date): void {
  const { topic, agenda, durationMinutes, startTime, timezone, recurrence } = meeting;
  if (topic !== undefined && (topic.trim() === '' || isLonger(topic, MAX_TOPIC)))
    throw badUserInput('input.topic', `must have 1 to ${MAX_TOPIC} characters`);
  if (agenda !== undefined && isLonger(agenda, MAX_AGENDA))
    throw badUserInput('input.agenda', `must have at most ${MAX_AGENDA} characters`);
  if (durationMinutes !== undefined && !isWithin(durationMinutes, 1, MAX_DURATION_MINUTES))
    throw badUserInput('input.durationMinutes', `must be from 1 to ${MAX_DURATION_MINUTES}`);
  if (startTime !== undefined && startTime <= now)
    throw badUserInput('input.startTime', 'must lie in the future');
  if (timezone !== undefined && timeZoneName(timezone) === undefined)
    throw badUserInput('input.timezone', 'must be the name of an IANA time zone, such as Europe/Berlin');
  if (recurrence) checkRecurrence(recurrence, startTime);
}

function checkPasscode(
  passcode: string | undefined,
  { pattern, characters }: { pattern: RegExp; characters: string },
): void {
  if (passcode !== undefined && !pattern.test(passcode))
    throw badUserInput('input.password', `must have 1 to 10 characters: ${characters}`);
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Counts characters as people see them: an emoji is one, also with a skin tone. */
function isLonger(text: string, most: number): boolean {
  if (text.length <= most) return false;
  const characters = graphemes.segment(text)[Symbol.iterator]();
  for (let count = 0; count <= most; count++) if (characters.next().done) return false;
  return true;
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
