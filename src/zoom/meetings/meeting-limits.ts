import { badUserInput } from '../../lib/errors.js';
import { type MeetingChanges, type NewMeeting } from './meeting-input.js';
import { checkRecurrence } from './recurrence-limits.js';

const MAX_TOPIC = 200;
const MAX_AGENDA = 2000;
const PASSWORD = /^[A-Za-z0-9@\-_*]{1,10}$/;
const MAX_DURATION_MINUTES = 24 * 60;

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
  checkMeetingChanges(meeting, now);
}

/**
 * Checks an update against Zoom's limits. It refuses a start in the past, which Zoom would silently ignore.
 * @throws AppError `BAD_USER_INPUT` naming the field below `input`
 */
export function checkMeetingChanges(changes: MeetingChanges, now: Date): void {
  const { topic, agenda, password, durationMinutes, startTime, timezone, recurrence } = changes;
  if (topic !== undefined && (topic.trim() === '' || topic.length > MAX_TOPIC))
    throw badUserInput('input.topic', `must have 1 to ${MAX_TOPIC} characters`);
  if (agenda !== undefined && agenda.length > MAX_AGENDA)
    throw badUserInput('input.agenda', `must have at most ${MAX_AGENDA} characters`);
  if (password !== undefined && !PASSWORD.test(password))
    throw badUserInput('input.password', 'must have 1 to 10 characters of A-Z, a-z, 0-9, @, -, _, *');
  if (durationMinutes !== undefined && !isWithin(durationMinutes, 1, MAX_DURATION_MINUTES))
    throw badUserInput('input.durationMinutes', `must be from 1 to ${MAX_DURATION_MINUTES}`);
  if (startTime !== undefined && startTime <= now)
    throw badUserInput('input.startTime', 'must lie in the future');
  if (timezone !== undefined && !isTimeZone(timezone))
    throw badUserInput('input.timezone', 'must be the name of an IANA time zone, such as Europe/Berlin');
  if (recurrence) checkRecurrence(recurrence, startTime);
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function isTimeZone(name: string): boolean {
  // Newer versions of Node.js also accept offsets such as +01:00; Zoom does not.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
