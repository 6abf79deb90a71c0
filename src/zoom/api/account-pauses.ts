/** Zoom's rate limit labels (docs/zoom-protocol.md §5.8). This product makes no call of a heavier label. */
export type RateLabel = 'light' | 'medium';

/** The label under which Zoom counts a call: the lists of a user are medium, all other calls are light. */
export function rateLabel(method: string, path: string): RateLabel {
  return method === 'GET' && /^\/users\/[^/]+\/(meetings|recordings)$/.test(path) ? 'medium' : 'light';
}

/**
 * Until when this process does not call Zoom for an account. Zoom counts by account and label, over all users and apps:
 * after one refusal it would refuse the next call as well.
 */
export class AccountPauses {
  readonly #ends = new Map<string, Date>();

  /** Pauses an account. If an earlier pause ends later, that end stays. */
  pause(accountId: string, label: RateLabel, end: Date, now: Date): void {
    for (const [key, old] of this.#ends) if (old <= now) this.#ends.delete(key);
    const known = this.endOf(accountId, label, now);
    if (!known || known < end) this.#ends.set(keyOf(accountId, label), end);
  }

  /** When the pause ends; undefined if there is none at `now`. */
  endOf(accountId: string, label: RateLabel, now: Date): Date | undefined {
    const end = this.#ends.get(keyOf(accountId, label));
    return end && end > now ? end : undefined;
  }
}

function keyOf(accountId: string, label: RateLabel): string {
  return `${label} ${accountId}`;
}
