const SECONDS = /^\d{1,9}$/;
const ISO_DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
/** IMF-fixdate and RFC 850 (RFC 9110 §5.6.7). */
const HTTP_DATE = /^[A-Z][a-z]{2,8}, \d\d[ -][A-Z][a-z]{2}[ -](\d\d){1,2} \d\d:\d\d:\d\d GMT$/;
/** C's `asctime`: it names no time zone and means GMT. */
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/** A day: the longest limit that Zoom documents. */
const LONGEST_PAUSE_MS = 86_400_000;
/** The longest pause that the token endpoint can ask for: a user's refresh waits that long at most. */
export const LONGEST_TOKEN_PAUSE_MS = 3_600_000;

/**
 * The instant named by a `Retry-After` header, never before `now`, and never more than `longestMs` (default: a day) after
 * it: a header must not stop anything for good. Undefined if there is no header or it cannot be read.
 * Accepts seconds and an HTTP date (RFC 9110 §10.2.3), and the ISO date-time that Zoom sends for daily limits.
 */
export function parseRetryAfter(
  value: string | null | undefined,
  now: Date,
  longestMs = LONGEST_PAUSE_MS,
): Date | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  const instant = SECONDS.test(text) ? now.getTime() + Number(text) * 1000 : parseInstant(text);
  if (Number.isNaN(instant)) return undefined;
  return new Date(Math.min(Math.max(instant, now.getTime()), now.getTime() + longestMs));
}

/** `Date.parse` alone would accept `-5` as May 2001, and read a time without a zone in the zone of the machine. */
function parseInstant(text: string): number {
  if (ISO_DATE_TIME.test(text) || HTTP_DATE.test(text)) return Date.parse(text);
  return ASCTIME.test(text) ? Date.parse(`${text} GMT`) : NaN;
}
