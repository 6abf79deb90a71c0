import { setTimeout as sleep } from 'node:timers/promises';
import { isPermanentFailure } from './permanent-failure.js';

/** The value of `promise`, or `late` if it has not settled within `ms`. The promise itself continues. */
export async function withTimeout<T, L>(promise: Promise<T>, ms: number, late: L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<L>((resolve) => {
    timer = setTimeout(() => {
      resolve(late);
    }, ms);
  });
  return Promise.race([promise, timeout]).finally(() => {
    clearTimeout(timer);
  });
}

/** The pause in ms after `failures` failed tries: `first`, doubled after each further failure, at most `longest`. */
export function exponentialBackoff(first: number, longest: number, failures: number): number {
  return Math.min(first * 2 ** Math.max(0, failures - 1), longest);
}

const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 1_000;

/**
 * Repeats a write until it succeeds: tokens that Zoom has issued exist nowhere else. The backoff starts at 50 ms and
 * doubles up to 1 s. By default it never gives up; after `timeoutMs` it rejects with the error of the last try. It also
 * rejects when the database refuses what is to be written, since no repetition heals that ({@link isPermanentFailure}).
 * `onFailure` is called after each failed try.
 */
export async function retryUntilStored<T>(
  write: () => Promise<T>,
  onFailure: (error: unknown, failures: number) => void,
  timeoutMs = Infinity,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let failures = 1; ; failures++) {
    try {
      return await write();
    } catch (error) {
      onFailure(error, failures);
      // defence: write-is-repeated
      if (performance.now() > deadline || isPermanentFailure(error)) throw error;
      await sleep(exponentialBackoff(FIRST_BACKOFF_MS, LONGEST_BACKOFF_MS, failures));
    }
  }
}
