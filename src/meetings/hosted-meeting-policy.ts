import { type ZoomMeetingDetail } from '../zoom/meetings/meeting-answer.js';

const DAY_MS = 86_400_000;
/** A record is kept for so long after the last date of its meeting that is known, and after its last use. */
const KEPT_MS = 365 * DAY_MS;
/** A use that would keep the record only so much longer is not written. */
const WORTH_WRITING_MS = 30 * DAY_MS;

/** The dates of a meeting, with Zoom's field names: `start_time` in ISO 8601, `duration` in minutes. */
export type MeetingDates = Partial<Pick<ZoomMeetingDetail, 'start_time' | 'duration' | 'occurrences'>>;

/** Until when (UTC) the record of a meeting is kept that is created, or used by its owner, at `now`. */
export function keptUntil(now: Date, { start_time, duration, occurrences = [] }: MeetingDates): Date {
  const dates = [{ start_time, duration }, ...occurrences];
  const ends = dates
    .map((date) => Date.parse(date.start_time ?? '') + (date.duration ?? 0) * 60_000)
    .filter((end) => Number.isFinite(end));
  return new Date(Math.max(now.getTime(), ...ends) + KEPT_MS);
}

/** The new end of a record whose meeting is used at `now`; undefined when the stored one is good enough. */
export function renewal(stored: Date | undefined, now: Date, dates: MeetingDates): Date | undefined {
  const wanted = keptUntil(now, dates);
  const isLater = !stored || wanted.getTime() - stored.getTime() > WORTH_WRITING_MS;
  return isLater ? wanted : undefined;
}
