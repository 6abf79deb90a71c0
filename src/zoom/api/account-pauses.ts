/** Zoom's rate limit labels (zoom-protocol §5.8); no call of this product is heavier. */
export type RateLabel = 'light' | 'medium';

/** The label that Zoom counts a call under: the lists of a user are medium, all else is light. */
export function rateLabel(method: string, path: string): RateLabel {
  return method === 'GET' && /^\/users\/[^/]+\/(meetings|recordings)$/.test(path) ? 'medium' : 'light';
}

/**
 * Until when this process leaves an account of Zoom's alone. Zoom counts by account and label, over all users and
 * apps: after one refusal the next call would be refused as well.
 */
export class AccountPauses {
  readonly #ends = new Map<string, Date>();

  /** Pauses an account; an end that was set before and is later stays. */
  pause(accountId: string, label: RateLabel, end: Date, now: Date): void {
    for (const [key, old] of this.#ends) if (old <= now) this.#ends.delete(key);
    const known = this.endOf(accountId, label, now);
    if (!known || known < end) this.#ends.set(keyOf(accountId, label), end);
  }

  /** When the pause ends; undefined when there is none at `now`. */
  endOf(accountId: string, label: RateLabel, now: Date): Date | undefined {
    const end = this.#ends.get(keyOf(accountId, label));
    return end && end > now ? end : undefined;
  }
}

function keyOf(accountId: string, label: RateLabel): string {
  return `${label} ${accountId}`;
}
