import { type BackgroundTasks } from './background-tasks.js';
import { retryUntilStored, withTimeout } from './timing.js';

/** How a durable write reports its failures, and how long its caller waits for it. */
export interface DurableWriteOptions<L> {
  /** Called after each failed try. */
  onFailure: (error: unknown, tries: number) => void;
  waitMs: number;
  /** What the caller gets if the write has not succeeded within `waitMs`. */
  late: L;
}

/**
 * Retries a write in the background until it succeeds; a shutdown waits for it. The caller waits for `waitMs` at most.
 */
export async function writeDurably<T, L>(
  tasks: BackgroundTasks,
  write: () => Promise<T>,
  { onFailure, waitMs, late }: DurableWriteOptions<L>,
): Promise<T | L> {
  // defence: new-grant-is-stored
  const written = retryUntilStored(write, onFailure);
  tasks.run(written);
  return withTimeout(written, waitMs, late);
}
