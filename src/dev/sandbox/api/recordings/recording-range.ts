import { validationFailed } from '../api-error.js';

const DAY_MS = 86_400_000;

/** A span of whole UTC days, both ends included, as `yyyy-mm-dd`. */
export interface RecordingRange {
  from: string;
  to: string;
}

/** The range that a query asks for: today and tomorrow by default, one month at most. */
export function readRange(query: URLSearchParams, now: Date, overlong: 'clamp' | 'error'): RecordingRange {
  const from = readDay(query, 'from') ?? now;
  const to = readDay(query, 'to') ?? new Date(now.getTime() + DAY_MS);
  if (dayOf(from) > dayOf(to)) throw validationFailed('from');
  const latest = new Date(from);
  latest.setUTCMonth(latest.getUTCMonth() + 1);
  if (dayOf(to) <= dayOf(latest)) return { from: dayOf(from), to: dayOf(to) };
  if (overlong === 'error') throw validationFailed('from', 'to');
  return { from: dayOf(from), to: dayOf(latest) };
}

/** Whether a moment lies within a range. */
export function isWithin({ from, to }: RecordingRange, time: string): boolean {
  const day = dayOf(new Date(time));
  return from <= day && day <= to;
}

function readDay(query: URLSearchParams, name: string): Date | undefined {
  const text = query.get(name);
  if (!text) return undefined;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(text) : new Date(NaN);
  if (Number.isNaN(day.getTime()) || dayOf(day) !== text) throw validationFailed(name);
  return day;
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
