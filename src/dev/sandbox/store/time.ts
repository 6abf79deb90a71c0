export const DAY_MS = 86_400_000;

/** A clock that the control interface can move. The sandbox measures every lifetime with it. */
export class MovableClock {
  private offsetMs = 0;

  constructor(private readonly base: () => Date) {}

  now(): Date {
    return new Date(this.nowMs());
  }

  nowMs(): number {
    return this.base().getTime() + this.offsetMs;
  }

  /** How far the clock is ahead of its base, ms. */
  get offset(): number {
    return this.offsetMs;
  }

  advance(ms: number): void {
    this.offsetMs += ms;
  }
}

/** Whether a name is a time zone that this machine knows, such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The instant of a local time in a time zone. `local` has the form `2026-05-01T09:00:00`. */
export function localToUtc(local: string, timeZone: string): Date {
  const wanted = Date.parse(`${local}Z`);
  // Daylight saving time may begin or end between the first guess and the result, so the offset is looked up twice.
  const guess = wanted - offsetMs(new Date(wanted), timeZone);
  return new Date(wanted - offsetMs(new Date(guess), timeZone));
}

/** The local time of an instant in a time zone, in the form `2026-05-01T09:00:00`. */
export function utcToLocal(instant: Date, timeZone: string): string {
  return new Date(instant.getTime() + offsetMs(instant, timeZone)).toISOString().slice(0, 19);
}

function offsetMs(instant: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const part = (type: string) => Number(parts.find((candidate) => candidate.type === type)?.value);
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - Math.floor(instant.getTime() / 1000) * 1000;
}

/** A date-time in Zoom's form: ISO 8601 in UTC, without milliseconds. */
export function zoomDateTime(time: Date | number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
