const SECONDS = /^\d{1,9}$/;
const ISO_DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
/** IMF-fixdate and RFC 850 (RFC 9110 §5.6.7). */
const HTTP_DATE = /^[A-Z][a-z]{2,8}, \d\d[ -][A-Z][a-z]{2}[ -](\d\d){1,2} \d\d:\d\d:\d\d GMT$/;
/** C's `asctime`: it names no time zone and means GMT. */
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/**
 * The instant named by a `Retry-After` header, never before `now`. Undefined if there is no header or it cannot be read.
 * Accepts seconds and an HTTP date (RFC 9110 §10.2.3), and the ISO date-time that Zoom sends for daily limits.
 */
export function parseRetryAfter(value: string | null | undefined, now: Date): Date | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (SECONDS.test(text)) return new Date(now.getTime() + Number(text) * 1000);
  const instant = parseInstant(text);
  return Number.isNaN(instant) ? undefined : new Date(Math.max(instant, now.getTime()));
}

/** `Date.parse` alone would accept `-5` as May 2001, and read a time without a zone in the zone of the machine. */
function parseInstant(text: string): number {
  if (ISO_DATE_TIME.test(text) || HTTP_DATE.test(text)) return Date.parse(text);
  return ASCTIME.test(text) ? Date.parse(`${text} GMT`) : NaN;
}
