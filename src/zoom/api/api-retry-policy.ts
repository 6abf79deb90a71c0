import { type ApiFailure } from './api-failure.js';

/** How long one call may be retried, ms. */
export const RETRY_BUDGET_MS = 5_000;
const MAX_TRIES = 4;
/** After a per-second limit a call is retried every second. */
const MAX_RATE_LIMITED_TRIES = 10;
const FIRST_PAUSE_MS = 200;
/** Calls that wait for the same instant are spread over this time. */
const SPREAD_MS = 500;

/** The state of a call that has failed. */
export interface FailedTry {
  method: string;
  tries: number;
  elapsedMs: number;
  /** From 0 to 1. */
  jitter: number;
  now: Date;
}

/**
 * How long to wait before the next try, ms; undefined: do not retry. Only transient failures are retried, and only
 * while the wait fits into the rest of the budget. A call that changes something is retried only if Zoom has certainly
 * not acted on it: Zoom refused it for its rate, or it was never sent.
 */
export function retryDelay(
  failure: ApiFailure,
  { method, tries, elapsedMs, jitter, now }: FailedTry,
): number | undefined {
  if (failure.kind !== 'unavailable' && failure.kind !== 'rate_limited') return undefined;
  const limited = failure.kind === 'rate_limited';
  if (tries >= (limited ? MAX_RATE_LIMITED_TRIES : MAX_TRIES)) return undefined;
  if (method !== 'GET' && mayHaveActed(failure)) return undefined;
  const named = failure.retryAt ? failure.retryAt.getTime() - now.getTime() + SPREAD_MS * jitter : 0;
  const backoff = limited ? FIRST_PAUSE_MS : FIRST_PAUSE_MS * 2 ** (tries - 1) * (1 - jitter / 2);
  const delay = Math.max(named, backoff);
  return elapsedMs + delay <= RETRY_BUDGET_MS ? delay : undefined;
}

/** Whether a failed call may have changed something in spite of its failure. */
export function mayHaveActed(failure: ApiFailure): boolean {
  return failure.kind === 'unavailable' && !failure.neverSent;
}
