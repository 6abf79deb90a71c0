import { timeZoneOffset } from '../../lib/time-zone-offset.js';

const HOUR_MS = 3_600_000;
/** Longer than any clock change, and shorter than the time between two of them. */
const AROUND_A_CHANGE_MS = 24 * HOUR_MS;

/**
 * The name of an IANA time zone in its usual spelling, such as `Europe/Berlin` for `europe/berlin`; undefined if there
 * is no such time zone. `Intl` knows only one of the names of a zone. Another name, such as `Asia/Kolkata` beside
 * `Asia/Calcutta`, stays as it is, or becomes the one that `Intl` knows if it is written in one case throughout.
 */
export function timeZoneName(name: string): string | undefined {
  // Newer versions of Node.js also accept offsets such as +01:00; Zoom does not.
  if (!/^[A-Za-z]/.test(name)) return undefined;
  const known = nameInIntl(name);
  if (known?.toLowerCase() === name.toLowerCase()) return known;
  const isOneCase = name === name.toLowerCase() || (name.includes('/') && name === name.toUpperCase());
  return known && !isOneCase ? name : known;
}

function nameInIntl(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/**
 * The local time of an instant in a time zone, in whole seconds and without an offset: `2030-03-19T18:00:00`.
 * Undefined if the clock there shows this time twice, because daylight saving time ends.
 */
export function unambiguousLocalTime(instant: Date, timeZone: string): string | undefined {
  const at = instant.getTime();
  const local = at + timeZoneOffset(at, timeZone);
  const isTwice = [at - AROUND_A_CHANGE_MS, at + AROUND_A_CHANGE_MS].some((nearby) => {
    const other = local - timeZoneOffset(nearby, timeZone);
    return other !== at && other + timeZoneOffset(other, timeZone) === local;
  });
  return isTwice ? undefined : new Date(local).toISOString().slice(0, 19);
}
