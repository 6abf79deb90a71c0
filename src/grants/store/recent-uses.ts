/** What this process has noted within the last interval: calls that come together need one note between them. */
export class RecentUses {
  /** When each was noted, the longest ago first. */
  readonly #notedAt = new Map<string, Date>();

  constructor(private readonly intervalMs: number) {}

  /** Whether a note is due at `now`; if so, it counts as made. */
  claim(key: string, now: Date): boolean {
    const due = new Date(now.getTime() - this.intervalMs);
    for (const [noted, at] of this.#notedAt) {
      if (at > due) break;
      this.#notedAt.delete(noted);
    }
    if (this.#notedAt.has(key)) return false;
    this.#notedAt.set(key, now);
    return true;
  }
}
