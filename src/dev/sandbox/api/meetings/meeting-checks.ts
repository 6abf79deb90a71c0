import { isTimeZone } from '../../store/time.js';
import { ApiError, validationFailed } from '../api-call.js';

/** The body of a create or update request that passed the checks. */
export interface MeetingInput {
  topic?: string;
  type?: 1 | 2 | 3 | 8 | 10;
  start_time?: string;
  duration?: number;
  timezone?: string;
  password?: string;
  default_password?: boolean;
  agenda?: string | null;
  recurrence?: Record<string, unknown> | undefined;
  settings?: Record<string, unknown>;
  pre_schedule?: boolean;
}

type Check = (value: unknown, siblings: Record<string, unknown>) => boolean;

const isText =
  (max: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= max;
const isWhole =
  (min: number, max: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
const isBoolean: Check = (value) => typeof value === 'boolean';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The passcodes that each method takes: those of POST have any printable character since 2025. */
const PASSCODES = { POST: /^[!-~]{0,10}$/, PATCH: /^[A-Za-z0-9@\-_*]{0,10}$/ };

const meetingChecks = (method: 'POST' | 'PATCH'): Record<string, Check> => ({
  topic: isText(200),
  type: (value) => [1, 2, 3, 8, 10].includes(value as number),
  start_time: isDateTime,
  duration: isWhole(1, 24 * 60),
  timezone: (value) => typeof value === 'string' && isTimeZone(value),
  password: (value) => typeof value === 'string' && PASSCODES[method].test(value),
  default_password: isBoolean,
  // One integration in wide use sends null for no description.
  agenda: (value, siblings) => value === null || isText(2000)(value, siblings),
  recurrence: isObject,
  settings: isObject,
  pre_schedule: isBoolean,
});

/** The largest interval by the type of a rule: daily, weekly, monthly. */
const MAX_INTERVALS = [0, 99, 50, 10];

const RECURRENCE_CHECKS: Record<string, Check> = {
  type: isWhole(1, 3),
  repeat_interval: (value, rule) => isWhole(1, MAX_INTERVALS[Number(rule['type'])] ?? 0)(value, rule),
  // Clients send one day as a number.
  weekly_days: (value) => /^[1-7](,[1-7])*$/.test(typeof value === 'number' ? String(value) : asText(value)),
  monthly_day: isWhole(1, 31),
  monthly_week: (value) => [-1, 1, 2, 3, 4].includes(value as number),
  monthly_week_day: isWhole(1, 7),
  end_times: isWhole(0, 60),
  end_date_time: (value) => isDateTime(asText(value).replace(/\.\d{1,3}Z$/, 'Z')),
};

const asText = (value: unknown) => (typeof value === 'string' ? value : '');

/** Checks the fields of a body. Unknown fields are ignored, as Zoom ignores them. */
export function validateMeeting(body: unknown, method: 'POST' | 'PATCH'): MeetingInput {
  if (!isObject(body)) throw new ApiError(400, 300, 'Request Body should be a valid JSON object.');
  const { recurrence } = body;
  const checks = meetingChecks(method);
  const wrong = [
    ...wrongFields(body, checks),
    ...wrongFields(isObject(recurrence) ? recurrence : {}, RECURRENCE_CHECKS).map(
      (field) => `recurrence.${field}`,
    ),
  ];
  if (wrong.length > 0) throw validationFailed(...wrong);
  return Object.fromEntries(Object.entries(body).filter(([field]) => Object.hasOwn(checks, field)));
}

function wrongFields(input: Record<string, unknown>, checks: Record<string, Check>): string[] {
  return Object.entries(checks)
    .filter(([field, isGood]) => input[field] !== undefined && !isGood(input[field], input))
    .map(([field]) => field);
}

function isDateTime(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z?$/.test(value)) return false;
  return !Number.isNaN(Date.parse(value.endsWith('Z') ? value : `${value}Z`));
}
