import { timeZoneOffset } from '../lib/time-zone-offset.js';

/**
 * Zoom was founded in 2011, so none of its instants is older. The year 1 stands for a meeting without a fixed time
 * (docs/zoom-protocol.md §5.3), and 1970 is what a clock without a value says.
 */
const EARLIEST_MS = Date.UTC(2000, 0);
/** Fewer milliseconds since the epoch would be before 1974, so a smaller number counts seconds. */
const SMALLEST_MS = 1e11;
const EPOCH = /^\d{9,13}(\.\d+)?$/;
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s?(?:(Z)|([+-])(\d\d):?(\d\d)?)?$/i;

/**
 * The instant that a text of Zoom names: a date-time of ISO 8601, or seconds or milliseconds since the epoch. A
 * date-time without a zone is read in `timeZone` (an IANA name) if that is known, else in UTC (docs/zoom-protocol.md
 * §5.4), and never in the zone of this machine. Undefined for everything else, and for instants before the year 2000.
 */
export function readInstant(text: string, timeZone?: string): Date | undefined {
  const trimmed = text.trim();
  const ms = EPOCH.test(trimmed) ? epochMs(Number(trimmed)) : isoMs(trimmed, timeZone);
  return ms === undefined || ms < EARLIEST_MS ? undefined : new Date(ms);
}

function epochMs(count: number): number {
  return count < SMALLEST_MS ? count * 1000 : count;
}

function isoMs(text: string, timeZone: string | undefined): number | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '0'] = match;
  const [utc, sign, offsetHours, offsetMinutes = '00'] = match.slice(8);
  const named = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Math.floor(Number(`0.${fraction}`) * 1000),
  );
  // `Date.UTC` takes the 31st of February for the 3rd of March.
  if (!new Date(local).toISOString().startsWith(named)) return undefined;
  if (utc) return local;
  if (!sign) return timeZone === undefined ? local : localMs(local, timeZone);
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  return sign === '+' ? local - offset : local + offset;
}

/** The instant of a local time, given as if it were UTC. A zone that is not known counts as UTC. */
function localMs(local: number, timeZone: string): number {
  try {
    // Daylight saving time may begin or end between the guess and the result, so the offset is looked up twice.
    const guess = local - timeZoneOffset(local, timeZone);
    return local - timeZoneOffset(guess, timeZone);
  } catch {
    return local;
  }
}
