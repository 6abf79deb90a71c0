/** A clock whose hands the control interface moves; every lifetime in the sandbox is measured with it. */
export class MovableClock {
  private offsetMs = 0;

  constructor(private readonly base: () => Date) {}

  now(): Date {
    return new Date(this.nowMs());
  }

  nowMs(): number {
    return this.base().getTime() + this.offsetMs;
  }

  /** How far it was moved from its base. */
  get offset(): number {
    return this.offsetMs;
  }

  advance(ms: number): void {
    this.offsetMs += ms;
  }
}

/** Whether a name is a time zone that this machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The instant at which a wall clock in a time zone shows `local`, written as if it were UTC (`2026-05-01T09:00:00`). */
export function localToUtc(local: string, timeZone: string): Date {
  const wanted = Date.parse(`${local}Z`);
  // The offset may change between the first guess and the truth (daylight saving), so it is looked up twice.
  const guess = wanted - offsetMs(new Date(wanted), timeZone);
  return new Date(wanted - offsetMs(new Date(guess), timeZone));
}

/** What a wall clock in a time zone shows at an instant, as `yyyy-MM-ddTHH:mm:ss`. */
export function utcToLocal(instant: Date, timeZone: string): string {
  return new Date(instant.getTime() + offsetMs(instant, timeZone)).toISOString().slice(0, 19);
}

function offsetMs(instant: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
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

/** An ISO date-time without milliseconds, as Zoom writes it. */
export function zoomDateTime(time: Date | number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
