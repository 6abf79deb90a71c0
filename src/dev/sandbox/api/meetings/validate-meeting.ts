import { isTimeZone } from '../../store/time.js';
import { ApiError, validationFailed } from '../api-error.js';

/** The body of a create or update request, after validation. */
export interface MeetingInput {
  topic?: string;
  type?: 1 | 2 | 3 | 8 | 10;
  start_time?: string;
  duration?: number;
  timezone?: string;
  password?: string;
  agenda?: string;
  recurrence?: Record<string, unknown>;
  settings?: Record<string, unknown>;
  pre_schedule?: boolean;
}

type Check = (value: unknown) => boolean;

const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText =
  (max: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= max;
const isWhole =
  (min: number, max: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max;

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

/** Checks a body field by field; what Zoom does not know is ignored. */
export function validateMeeting(body: unknown): MeetingInput {
  if (!isObject(body)) throw new ApiError(400, 300, 'Request Body should be a valid JSON object.');
  const input = body as Record<string, unknown>;
  const recurrence = isObject(input['recurrence']) ? (input['recurrence'] as Record<string, unknown>) : {};
  const wrong = [
    ...wrongFields(input, MEETING_CHECKS),
    ...wrongFields(recurrence, RECURRENCE_CHECKS).map((field) => `recurrence.${field}`),
  ];
  if (wrong.length > 0) throw validationFailed(...wrong);
  return Object.fromEntries(Object.entries(input).filter(([field]) => Object.hasOwn(MEETING_CHECKS, field)));
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
