import { badUserInput } from '../lib/errors.js';

/** Whole UTC days as `yyyy-mm-dd`, including both ends. */
export interface DayRange {
  from: string;
  to: string;
}

const DAY_MS = 86_400_000;
/** The length of the default range, including today. */
const DEFAULT_DAYS = 30;

/**
 * The requested range. Without `to` it ends today; without `from` it is 30 days long. Zoom's own default is only today,
 * which is hardly ever useful (docs/zoom-protocol.md §9.10).
 * @throws AppError `BAD_USER_INPUT` naming `from`
 */
export function recordingRange(
  { from, to }: { from?: Date | null | undefined; to?: Date | null | undefined },
  now: Date,
): DayRange {
  const last = to ?? now;
  const first = from ?? new Date(last.getTime() - (DEFAULT_DAYS - 1) * DAY_MS);
  if (dayOf(first) > dayOf(last)) throw badUserInput('from', 'must not come after to');
  return { from: dayOf(first), to: dayOf(last) };
}

/** The newest window of a range. Zoom answers for one month at most, so a longer range is read window by window. */
export function newestWindow(range: DayRange): DayRange {
  return windowEnding(range.to, range);
}

/** The window before `window`; undefined if `window` is the first of the range. */
export function windowBefore(window: DayRange, range: DayRange): DayRange | undefined {
  if (window.from <= range.from) return undefined;
  return windowEnding(dayOf(new Date(Date.parse(window.from) - DAY_MS)), range);
}

/** The part of the range within one month before `to`: never longer than a month, however Zoom counts it. */
function windowEnding(to: string, { from }: DayRange): DayRange {
  const start = monthBefore(new Date(to)) + DAY_MS;
  const earliest = dayOf(new Date(start));
  return { from: earliest > from ? earliest : from, to };
}

/** The same day of the previous month, or the last day of that month. */
function monthBefore(day: Date): number {
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  const lastOfMonthBefore = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Date.UTC(year, month - 1, Math.min(day.getUTCDate(), lastOfMonthBefore));
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
