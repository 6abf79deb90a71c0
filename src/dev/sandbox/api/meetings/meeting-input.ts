import { type SandboxMeeting } from '../../store/meetings.js';
import { localToUtc, zoomDateTime } from '../../store/time.js';
import { type SandboxUser, timeZoneOf } from '../../store/users.js';
import { validationFailed } from '../api-call.js';
import { type MeetingInput } from './meeting-checks.js';
import { occurrencesOf, type Recurrence } from './recurrence.js';

const DATE_FIELDS = ['type', 'start_time', 'duration', 'timezone', 'recurrence'] as const;

/** The settings that can differ for one date of a series. */
const SETTINGS_OF_A_DATE = [
  'host_video',
  'participant_video',
  'join_before_host',
  'mute_upon_entry',
  'waiting_room',
  'watermark',
  'auto_recording',
];

/** The fields of a meeting that a create or update request changes. `current` is empty for a new meeting. */
export function meetingParts(
  input: MeetingInput,
  host: SandboxUser,
  current: Partial<SandboxMeeting>,
  now: Date,
): Partial<SandboxMeeting> & Pick<SandboxMeeting, 'duration'> {
  const { settings = {}, agenda, default_password: hasDefaultPassword, ...plain } = input;
  const timezone = input.timezone ?? current.timezone ?? timeZoneOf(host);
  const type = input.type ?? current.type ?? 2;
  const duration = input.duration ?? current.duration ?? 60;
  const recurrence = input.recurrence ? ruleOf(input.recurrence) : current.recurrence;
  const start = futureStart(input, timezone, now) ?? current.start_time ?? zoomDateTime(now);
  // Without a generated passcode, a new meeting has one only if the request names it.
  const isOpen = hasDefaultPassword === false && current.password === undefined;
  const parts = {
    ...(isOpen ? { password: '' } : {}),
    ...plain,
    ...(agenda === undefined ? {} : { agenda: agenda ?? '' }),
    type,
    timezone,
    duration,
    recurrence,
    start_time: type === 3 ? undefined : start,
    settings: effectiveSettings({ ...current.settings, ...allowedSettings(settings, host) }),
  };
  if (type !== 8) return { ...parts, occurrences: undefined };
  const isMoved = DATE_FIELDS.some((field) => input[field] !== undefined);
  return {
    ...parts,
    occurrences: isMoved ? seriesOf(start, duration, timezone, recurrence) : current.occurrences,
  };
}

/**
 * What a request changes of one date of a series: agenda, start, duration and some settings. Zoom ignores the rest
 * without an error. `date` is the series as it is on that date.
 */
export function dateParts(input: MeetingInput, host: SandboxUser, date: SandboxMeeting, now: Date) {
  const { agenda: newAgenda, start_time: newStart, duration: newDuration, settings: given = {} } = input;
  const changes = Object.entries({ agenda: newAgenda, start_time: newStart, duration: newDuration });
  const taken: MeetingInput = {
    ...Object.fromEntries(changes.filter(([, value]) => value !== undefined)),
    settings: Object.fromEntries(Object.entries(given).filter(([name]) => SETTINGS_OF_A_DATE.includes(name))),
  };
  const { start_time = date.start_time, ...parts } = meetingParts(taken, host, date, now);
  return {
    start_time,
    duration: parts.duration,
    agenda: parts.agenda ?? date.agenda,
    settings: parts.settings,
  };
}

/** Whether a new meeting takes place in the host's personal room. Zoom does that for the types 2 and 3 only. */
export function usesPersonalRoom({ settings, type = 2 }: MeetingInput, host: SandboxUser): boolean {
  const isWanted = settings?.['use_pmi'] ?? host.usePmi ?? false;
  return isWanted === true && host.pmi !== 0 && (type === 2 || type === 3);
}

/** A rule as Zoom's answers have it: the days are text, and the end has no milliseconds. */
function ruleOf(given: Record<string, unknown>): Record<string, unknown> {
  const { weekly_days: days, end_date_time: end } = given as {
    weekly_days?: string | number;
    end_date_time?: string;
  };
  return {
    ...given,
    ...(days === undefined ? {} : { weekly_days: String(days) }),
    ...(end === undefined ? {} : { end_date_time: end.replace(/\.\d{1,3}Z$/, 'Z') }),
  };
}

function seriesOf(start: string, duration: number, timezone: string, recurrence: object | undefined) {
  const rule = recurrence as Recurrence | undefined;
  if (rule?.type === undefined) throw validationFailed('recurrence');
  return occurrencesOf(new Date(start), duration, timezone, rule);
}

// Zoom ignores a start in the past without an error: an update keeps the old start, a new meeting starts now.
function futureStart({ start_time }: MeetingInput, timezone: string, now: Date): string | undefined {
  if (start_time === undefined) return undefined;
  const start = start_time.endsWith('Z') ? new Date(start_time) : localToUtc(start_time, timezone);
  return start > now ? zoomDateTime(start) : undefined;
}

// A waiting room switches joining before the host off.
function effectiveSettings(settings: Record<string, unknown>): Record<string, unknown> {
  const isShut = settings['waiting_room'] === true && settings['join_before_host'] === true;
  return isShut ? { ...settings, join_before_host: false } : settings;
}

// Zoom reports success and drops the settings that the host's licence does not include.
function allowedSettings(settings: Record<string, unknown>, host: SandboxUser): Record<string, unknown> {
  if (host.type !== 1) return settings;
  const isLicensedOnly = (name: string) => name.startsWith('registrants_') || name === 'breakout_room';
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !isLicensedOnly(name)));
}
