/** Remembers what this process has written during the last interval, so that many calls at once cause one write. */
export class RecentUses {
  /** When each key was written, the oldest first. */
  readonly #notedAt = new Map<string, Date>();

  /** @param maxKeys how many keys are remembered. The oldest is forgotten for a further one. Default: no limit. */
  constructor(
    private readonly intervalMs: number,
    private readonly maxKeys = Infinity,
  ) {}

  /** Whether a write for the key is due at `now`. If so, it counts as done. */
  claim(key: string, now: Date): boolean {
    const due = new Date(now.getTime() - this.intervalMs);
    for (const [noted, at] of this.#notedAt) {
      if (at > due) break;
      this.#notedAt.delete(noted);
    }
    if (this.#notedAt.has(key)) return false;
    this.#notedAt.set(key, now);
    const [oldest] = this.#notedAt.keys();
    if (this.#notedAt.size > this.maxKeys && oldest !== undefined) this.#notedAt.delete(oldest);
    return true;
  }
}
