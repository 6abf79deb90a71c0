import { type ApiFailure } from './api-failure';

/** Everything one call may spend on repeating itself, ms. */
export const RETRY_BUDGET_MS = 5_000;
const MAX_TRIES = 4;
const FIRST_PAUSE_MS = 200;

/**
 * How long to wait before a GET is repeated, ms; undefined: not at all. Only failures that pass by themselves are
 * repeated, and only while the wait fits into what is left of the budget.
 */
export function retryDelay(
  failure: ApiFailure,
  { tries, elapsedMs, jitter, now }: { tries: number; elapsedMs: number; jitter: number; now: Date },
): number | undefined {
  if ((failure.kind !== 'unavailable' && failure.kind !== 'rate_limited') || tries >= MAX_TRIES)
    return undefined;
  const named = failure.retryAt ? failure.retryAt.getTime() - now.getTime() : 0;
  const backoff = FIRST_PAUSE_MS * 2 ** (tries - 1) * (1 - jitter / 2);
  const delay = Math.max(named, backoff);
  return elapsedMs + delay <= RETRY_BUDGET_MS ? delay : undefined;
}
