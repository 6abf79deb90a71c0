import { badUserInput } from '../../lib/errors.js';
import { type Recurrence } from './meeting-input.js';

/** The highest limits that Zoom has documented. Zoom itself refuses what an account may not do. */
const MAX_INTERVAL: Record<Recurrence['repeat'], number> = { DAILY: 99, WEEKLY: 50, MONTHLY: 10 };
const MAX_DATES = 60;

/**
 * Checks the recurrence of a series against Zoom's rules (docs/zoom-protocol.md §5.4).
 * @throws AppError `BAD_USER_INPUT` naming the field below `input.recurrence`
 */
export function checkRecurrence(recurrence: Recurrence, startTime: Date | undefined): void {
  const { repeat, interval = 1 } = recurrence;
  if (interval < 1 || interval > MAX_INTERVAL[repeat])
    throw refuse('interval', `must be from 1 to ${MAX_INTERVAL[repeat]} for ${repeat}`);
  checkDays(recurrence);
  checkEnd(recurrence, startTime);
}

function checkDays(recurrence: Recurrence): void {
  const { repeat, weekdays, dayOfMonth, weekOfMonth } = recurrence;
  if (repeat !== 'MONTHLY' && dayOfMonth !== undefined) throw refuse('dayOfMonth', 'is for MONTHLY only');
  if (repeat !== 'MONTHLY' && weekOfMonth !== undefined) throw refuse('weekOfMonth', 'is for MONTHLY only');
  if (repeat === 'DAILY' && weekdays?.length) throw refuse('weekdays', 'are not for DAILY');
  if (weekdays && new Set(weekdays).size !== weekdays.length) throw refuse('weekdays', 'name a day twice');
  if (repeat === 'WEEKLY' && !weekdays?.length) throw refuse('weekdays', 'are needed for WEEKLY');
  if (repeat === 'MONTHLY') checkMonthDay(recurrence);
}

function checkMonthDay({ weekdays = [], dayOfMonth, weekOfMonth }: Recurrence): void {
  if ((dayOfMonth === undefined) === (weekOfMonth === undefined))
    throw refuse('dayOfMonth', 'or weekOfMonth is needed for MONTHLY, and not both');
  if (dayOfMonth !== undefined && (dayOfMonth < 1 || dayOfMonth > 31))
    throw refuse('dayOfMonth', 'must be from 1 to 31');
  const needed = weekOfMonth === undefined ? 0 : 1;
  if (weekdays.length !== needed) throw refuse('weekdays', 'must name one day with weekOfMonth, else none');
}

function checkEnd({ endTimes, endAt }: Recurrence, startTime: Date | undefined): void {
  if (endTimes !== undefined && endAt !== undefined)
    throw refuse('endTimes', 'and endAt cannot both be given');
  if (endTimes !== undefined && (endTimes < 0 || endTimes > MAX_DATES))
    throw refuse('endTimes', `must be from 1 to ${MAX_DATES}, or 0 for a series without an end`);
  if (endAt && startTime && endAt <= startTime) throw refuse('endAt', 'must come after startTime');
}

function refuse(field: string, message: string) {
  return badUserInput(`input.recurrence.${field}`, message);
}
