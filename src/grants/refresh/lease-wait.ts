import { setTimeout as sleep } from 'node:timers/promises';
import { exponentialBackoff } from '../../lib/timing.js';

/** How a wait for another instance's refresh ended: with its tokens, with the lease, or with neither. */
export type LeaseWaitOutcome = 'adopted' | 'acquired' | 'gave_up';

/** Called after each wait, for the metrics. */
export type OnLeaseWait = (wait: { outcome: LeaseWaitOutcome; durationMs: number }) => void;

const POLL_MS = 50;
const LONGEST_POLL_MS = 250;
/** How long to wait for another instance's refresh. */
const WAIT_FOR_HOLDER_MS = 120_000;

/** Polls with exponential backoff while another instance is refreshing. */
export class LeaseWait {
  #began: number | undefined;
  #polls = 0;

  constructor(private readonly onEnd: OnLeaseWait | undefined) {}

  /** Pauses before the row is read again: 50 ms, doubled up to 250 ms. False after two minutes. */
  async poll(): Promise<boolean> {
    this.#began ??= performance.now();
    if (performance.now() - this.#began > WAIT_FOR_HOLDER_MS) {
      this.end('gave_up');
      return false;
    }
    await sleep(exponentialBackoff(POLL_MS, LONGEST_POLL_MS, ++this.#polls));
    return true;
  }

  /** Reports how the wait ended, if there was one. */
  end(outcome: LeaseWaitOutcome): void {
    if (this.#began === undefined) return;
    this.onEnd?.({ outcome, durationMs: performance.now() - this.#began });
    this.#began = undefined;
  }
}
