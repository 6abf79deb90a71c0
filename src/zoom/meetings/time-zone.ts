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
  const local = at + offsetMs(at, timeZone);
  const isTwice = [at - AROUND_A_CHANGE_MS, at + AROUND_A_CHANGE_MS].some((nearby) => {
    const other = local - offsetMs(nearby, timeZone);
    return other !== at && other + offsetMs(other, timeZone) === local;
  });
  return isTwice ? undefined : new Date(local).toISOString().slice(0, 19);
}

/** How far the clock in a time zone is ahead of UTC at an instant, ms. */
function offsetMs(at: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - Math.floor(at / 1000) * 1000;
}
