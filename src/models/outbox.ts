import { randomUUID } from 'node:crypto';
import { type Model } from 'mongoose';
import { type Clock } from '../lib/clock.js';
import { exponentialBackoff } from '../lib/timing.js';
import { type Claimed, type OutboxEntry } from './outbox-entry.js';

const FIRST_BACKOFF_MS = 5_000;
const LONGEST_BACKOFF_MS = 3_600_000;
/** How long one round works, so that the next one finds it ended. */
const ROUND_MS = 25_000;

/** When the next try is due after `attempts` failed ones: 5 s later, doubling up to an hour. */
export function nextTryAt(now: Date, attempts: number): Date {
  return new Date(now.getTime() + exponentialBackoff(FIRST_BACKOFF_MS, LONGEST_BACKOFF_MS, attempts));
}

/**
 * When an entry became due for the first time, reckoned from its tries: what {@link nextTryAt} has put off since then is
 * taken away. The true time is the same or earlier, by the waits for a round.
 */
export function firstDueAt({
  dueAt,
  attempts,
  claim,
}: Pick<OutboxEntry, 'dueAt' | 'attempts' | 'claim'>): Date | undefined {
  if (!dueAt) return undefined;
  // The try that is under way has put nothing off yet.
  const postponed = claim === undefined ? attempts : attempts - 1;
  let first = dueAt.getTime();
  for (let tried = 1; tried <= postponed; tried++)
    first -= exponentialBackoff(FIRST_BACKOFF_MS, LONGEST_BACKOFF_MS, tried);
  return new Date(first);
}

/** What a round over an outbox works with. `onFailure` is called for an entry whose handling threw. */
export interface OutboxRound<Entry extends OutboxEntry> {
  clock: Clock;
  signal: AbortSignal;
  onFailure: (error: unknown, entry: Claimed<Entry>) => void;
}

/**
 * A queue in the database, worked on by all instances. An entry stays until the outside world has confirmed it, so it
 * is tried at least once. A claim hides an entry from the other workers for the visibility timeout; if the worker dies,
 * the entry is due again after that.
 */
export class Outbox<Entry extends OutboxEntry> {
  readonly #entries: Model<OutboxEntry>;

  constructor(
    entries: Model<Entry>,
    private readonly visibilityTimeoutMs: number,
  ) {
    // Only the fields of every entry are used here, and no filter can be typed by an open type parameter.
    this.#entries = entries as unknown as Model<OutboxEntry>;
  }

  /** Claims the entry that has been due for the longest time; given an `id`, that entry if it is due. */
  async claim(now: Date, id?: string): Promise<Claimed<Entry> | undefined> {
    const claimed = await this.#entries
      .findOneAndUpdate(
        { /* defence: claim-by-id */ ...(id !== undefined && { _id: id }), dueAt: { $lte: now } },
        { /* defence: claim-hides-entry */ $set: this.newClaim(now), $inc: { attempts: 1 } },
        { sort: { dueAt: 1 }, returnDocument: 'after' },
      )
      .lean();
    return (claimed as Claimed<Entry> | null) ?? undefined;
  }

  /** Releases the entry until its next try (see {@link nextTryAt}), unless the claim has been lost. */
  async postpone({ _id, claim, attempts }: Claimed<OutboxEntry>, now: Date): Promise<void> {
    await this.#entries.updateOne(
      { _id, /* defence: lost-claim-postpones-nothing */ claim },
      { $set: { dueAt: nextTryAt(now, attempts) }, $unset: { claim: 1 } },
    );
  }

  /**
   * Claims and handles due entries, one after the other, as fast as the other side takes them. Ends when none is due,
   * when `handle` answers false, after 25 seconds, or before the next entry once `signal` is aborted. An entry whose
   * handling throws, for example because the key of its tokens is missing, is put off and stops no other.
   */
  async workDue(
    handle: (entry: Claimed<Entry>) => Promise<boolean>,
    round: OutboxRound<Entry>,
  ): Promise<void> {
    const { clock, signal, onFailure } = round;
    const deadline = performance.now() + ROUND_MS;
    while (performance.now() < deadline && /* defence: round-ends-at-shutdown */ !signal.aborted) {
      const entry = await this.claim(clock());
      if (!entry) return;
      // defence: one-entry-stops-no-other
      const goOn = await handle(entry).catch(async (error: unknown) => {
        onFailure(error, entry);
        await this.postpone(entry, clock());
        return true;
      });
      // defence: round-ends-at-failure
      if (!goOn) return;
    }
  }

  /** The fields of a claim that begins now. */
  protected newClaim(now: Date): { claim: string; dueAt: Date } {
    return { claim: randomUUID(), dueAt: new Date(now.getTime() + this.visibilityTimeoutMs) };
  }
}
