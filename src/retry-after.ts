const SECONDS = /^\d{1,9}$/;

/**
 * The instant named by a `Retry-After` header, or undefined when there is none or it cannot be read.
 * Accepts seconds and an HTTP date (RFC 9110 §10.2.3), and the ISO date-time that Zoom sends for daily limits.
 */
export function parseRetryAfter(value: string | null | undefined, now: Date): Date | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (SECONDS.test(text)) return new Date(now.getTime() + Number(text) * 1000);
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : new Date(Math.max(instant, now.getTime()));
}
