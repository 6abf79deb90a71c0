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
