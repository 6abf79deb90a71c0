/**
 * Decides which of many equal events are logged: the first of a kind, then one each `everyMs`, which stands for those
 * before it. The kinds are a closed set; each takes a few bytes for the life of the process.
 */
export class LogLimit {
  readonly #kinds = new Map<string, { loggedAt: number; since: number }>();

  constructor(private readonly everyMs: number) {}

  /** How many events of the kind the line stands for, this one included; undefined: do not log it. */
  take(kind: string, now: Date): number | undefined {
    const known = this.#kinds.get(kind);
    if (known && Math.abs(now.getTime() - known.loggedAt) < this.everyMs) {
      known.since += 1;
      return undefined;
    }
    this.#kinds.set(kind, { loggedAt: now.getTime(), since: 0 });
    return (known?.since ?? 0) + 1;
  }
}
