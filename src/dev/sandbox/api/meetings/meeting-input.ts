import { type SandboxMeeting } from '../../store/meetings.js';
import { isTimeZone, localToUtc, zoomDateTime } from '../../store/time.js';
import { type SandboxUser, timeZoneOf } from '../../store/users.js';
import { ApiError, validationFailed } from '../api-call.js';
import { occurrencesOf, type Recurrence } from './recurrence.js';

const DATE_FIELDS = ['type', 'start_time', 'duration', 'timezone', 'recurrence'] as const;

/** The body of a create or update request that passed the checks. */
interface MeetingInput {
  topic?: string;
  type?: 1 | 2 | 3 | 8 | 10;
  start_time?: string;
  duration?: number;
  timezone?: string;
  password?: string;
  agenda?: string;
  recurrence?: Record<string, unknown> | undefined;
  settings?: Record<string, unknown>;
  pre_schedule?: boolean;
}

type Check = (value: unknown) => boolean;

const isText =
  (max: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= max;
const isWhole =
  (min: number, max: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const MEETING_CHECKS: Record<string, Check> = {
  topic: isText(200),
  type: (value) => [1, 2, 3, 8, 10].includes(value as number),
  start_time: isDateTime,
  duration: isWhole(1, 24 * 60),
  timezone: (value) => typeof value === 'string' && isTimeZone(value),
  password: (value) => typeof value === 'string' && /^[A-Za-z0-9@\-_*]{0,10}$/.test(value),
  agenda: isText(2000),
  recurrence: isObject,
  settings: isObject,
  pre_schedule: (value) => typeof value === 'boolean',
};

const RECURRENCE_CHECKS: Record<string, Check> = {
  type: isWhole(1, 3),
  repeat_interval: isWhole(1, 90),
  weekly_days: (value) => typeof value === 'string' && /^[1-7](,[1-7])*$/.test(value),
  monthly_day: isWhole(1, 31),
  monthly_week: (value) => [-1, 1, 2, 3, 4].includes(value as number),
  monthly_week_day: isWhole(1, 7),
  end_times: isWhole(1, 60),
  end_date_time: isDateTime,
};

/** Checks the fields of a body. Unknown fields are ignored, as Zoom ignores them. */
export function validateMeeting(body: unknown): MeetingInput {
  if (!isObject(body)) throw new ApiError(400, 300, 'Request Body should be a valid JSON object.');
  const { recurrence } = body;
  const wrong = [
    ...wrongFields(body, MEETING_CHECKS),
    ...wrongFields(isObject(recurrence) ? recurrence : {}, RECURRENCE_CHECKS).map(
      (field) => `recurrence.${field}`,
    ),
  ];
  if (wrong.length > 0) throw validationFailed(...wrong);
  return Object.fromEntries(Object.entries(body).filter(([field]) => Object.hasOwn(MEETING_CHECKS, field)));
}

function wrongFields(input: Record<string, unknown>, checks: Record<string, Check>): string[] {
  return Object.entries(checks)
    .filter(([field, isGood]) => input[field] !== undefined && !isGood(input[field]))
    .map(([field]) => field);
}

function isDateTime(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z?$/.test(value)) return false;
  return !Number.isNaN(Date.parse(value.endsWith('Z') ? value : `${value}Z`));
}

/** The fields of a meeting that a create or update request changes. `current` is empty for a new meeting. */
export function meetingParts(
  input: MeetingInput,
  host: SandboxUser,
  current: Partial<SandboxMeeting>,
  now: Date,
): Partial<SandboxMeeting> & Pick<SandboxMeeting, 'duration'> {
  const { settings = {}, ...plain } = input;
  const timezone = input.timezone ?? current.timezone ?? timeZoneOf(host);
  const type = input.type ?? current.type ?? 2;
  const duration = input.duration ?? current.duration ?? 60;
  const recurrence = input.recurrence ?? current.recurrence;
  const start = futureStart(input, timezone, now) ?? current.start_time ?? zoomDateTime(now);
  const parts = {
    ...plain,
    type,
    timezone,
    duration,
    recurrence,
    start_time: type === 3 ? undefined : start,
    settings: { ...current.settings, ...allowedSettings(settings, host) },
  };
  if (type !== 8) return { ...parts, occurrences: undefined };
  const isMoved = DATE_FIELDS.some((field) => input[field] !== undefined);
  return {
    ...parts,
    occurrences: isMoved ? seriesOf(start, duration, timezone, recurrence) : current.occurrences,
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

// Zoom reports success and drops the settings that the host's licence does not include.
function allowedSettings(settings: Record<string, unknown>, host: SandboxUser): Record<string, unknown> {
  if (host.type !== 1) return settings;
  const isLicensedOnly = (name: string) => name.startsWith('registrants_') || name === 'breakout_room';
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !isLicensedOnly(name)));
}
