import { type ApiFailure } from './api-failure.js';

/** Everything one call may spend on repeating itself, ms. */
export const RETRY_BUDGET_MS = 5_000;
const MAX_TRIES = 4;
/** A limit of so many calls a second is sat out one second at a time. */
const MAX_RATE_LIMITED_TRIES = 10;
const FIRST_PAUSE_MS = 200;
/** Calls that wait for the same instant come back spread over this long. */
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
 * How long to wait before a call is repeated, ms; undefined: not at all. Only failures that pass by themselves are
 * repeated, and only while the wait fits into what is left of the budget. A call that changes something is repeated
 * only if Zoom has certainly not acted on it: it was refused for its rate, or it never left.
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

/** Whether a failed call may have changed something all the same. */
export function mayHaveActed(failure: ApiFailure): boolean {
  return failure.kind === 'unavailable' && !failure.neverSent;
}
