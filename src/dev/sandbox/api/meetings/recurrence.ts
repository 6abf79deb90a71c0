import { DAY_MS, localToUtc, utcToLocal, zoomDateTime } from '../../store/time.js';
import { type Occurrence } from '../../store/meetings.js';

const MAX_OCCURRENCES = 60;
const HORIZON_DAYS = 6 * 366;

/** A recurrence rule with the field names of Zoom's API. Type 1 is daily, 2 weekly, 3 monthly. */
export interface Recurrence {
  type: 1 | 2 | 3;
  repeat_interval?: number;
  /** Days of a weekly rule, separated by commas: `1` is Sunday, `7` is Saturday. */
  weekly_days?: string;
  monthly_day?: number;
  /** Week of a monthly rule: 1 to 4, or -1 for the last week. */
  monthly_week?: number;
  monthly_week_day?: number;
  /** 0: no end. */
  end_times?: number;
  end_date_time?: string;
}

/**
 * The occurrences of a series. All start at the same local time, before and after a change to daylight saving time.
 */
export function occurrencesOf(
  start: Date,
  duration: number,
  timezone: string,
  rule: Recurrence,
): Occurrence[] {
  const [firstDay = '', hour = ''] = utcToLocal(start, timezone).split('T');
  const count =
    rule.end_times === 0 ? MAX_OCCURRENCES : (rule.end_times ?? (rule.end_date_time ? MAX_OCCURRENCES : 1));
  const end = rule.end_date_time ? Date.parse(rule.end_date_time) : Infinity;
  const occurrences: Occurrence[] = [];
  for (let offset = 0; offset < HORIZON_DAYS && occurrences.length < count; offset += 1) {
    const day = new Date(Date.parse(firstDay) + offset * DAY_MS);
    if (!fallsOn(day, new Date(firstDay), rule)) continue;
    const time = localToUtc(`${day.toISOString().slice(0, 10)}T${hour}`, timezone);
    if (time.getTime() > end) break;
    const start_time = zoomDateTime(time);
    occurrences.push({ occurrence_id: String(time.getTime()), start_time, duration, status: 'available' });
  }
  return occurrences;
}

function fallsOn(day: Date, first: Date, rule: Recurrence): boolean {
  const interval = rule.repeat_interval ?? 1;
  const days = Math.round((day.getTime() - first.getTime()) / DAY_MS);
  if (rule.type === 1) return days % interval === 0;
  if (rule.type === 2) {
    const weekdays = (rule.weekly_days ?? String(first.getUTCDay() + 1)).split(',').map(Number);
    const week = Math.floor((days + first.getUTCDay()) / 7);
    return week % interval === 0 && weekdays.includes(day.getUTCDay() + 1);
  }
  const months =
    (day.getUTCFullYear() - first.getUTCFullYear()) * 12 + day.getUTCMonth() - first.getUTCMonth();
  return months % interval === 0 && isMonthlyDay(day, first, rule);
}

function isMonthlyDay(day: Date, first: Date, rule: Recurrence): boolean {
  if (rule.monthly_week === undefined) return day.getUTCDate() === (rule.monthly_day ?? first.getUTCDate());
  if (day.getUTCDay() + 1 !== rule.monthly_week_day) return false;
  if (rule.monthly_week === -1)
    return new Date(day.getTime() + 7 * DAY_MS).getUTCMonth() !== day.getUTCMonth();
  return Math.ceil(day.getUTCDate() / 7) === rule.monthly_week;
}
