import { AppError } from '../lib/errors.js';
import { LONGEST_TOKEN_PAUSE_MS, parseRetryAfter } from '../lib/retry-after.js';
import { type TransientCode } from '../models/refresh-state.js';
import { REFRESH_MARGIN_MS } from '../grants/refresh-policy.js';
import { isRefusal, type TokenRequestFailure } from '../oauth/token-request-error.js';

/** The token that is held and the backoff after a failed request, if there are any. All instants are UTC. */
export interface AppTokenState<T extends { version: number; expiresAt: Date }> {
  token?: T | undefined;
  backoff?: { code: TransientCode; retryAt: Date } | undefined;
}

/** What to do for a caller who needs the app's token. */
export type AppTokenDecision<T> =
  { kind: 'use'; token: T } | { kind: 'request' } | { kind: 'refuse'; error: AppError };

/**
 * Decides at `now`. A token is replaced when it has five minutes or less left, or when Zoom has refused it
 * (`rejectedVersion`). During a backoff, a token that has not expired is used.
 */
export function decideAppToken<T extends { version: number; expiresAt: Date }>(
  { token, backoff }: AppTokenState<T>,
  now: Date,
  rejectedVersion?: number,
): AppTokenDecision<T> {
  const usable = token?.version === rejectedVersion ? undefined : token;
  const leftMs = usable ? usable.expiresAt.getTime() - now.getTime() : 0;
  if (usable && leftMs > REFRESH_MARGIN_MS) return { kind: 'use', token: usable };
  if (!backoff || backoff.retryAt <= now) return { kind: 'request' };
  if (usable && leftMs > 0) return { kind: 'use', token: usable };
  return { kind: 'refuse', error: new AppError(backoff.code, { retryAt: backoff.retryAt }) };
}

/**
 * What a failed request for the app's token means. A refusal, in whatever words, always means that the app is not set up
 * correctly (wrong secret, wrong account, app deactivated); every other failure is transient.
 * @see RFC 6749 §5.2
 */
export function classifyAppTokenFailure(
  failure: TokenRequestFailure,
  now: Date,
): { code: TransientCode; retryAfter?: Date | undefined } {
  if (failure.kind !== 'error_response') return { code: 'ZOOM_UNAVAILABLE' };
  if (isRefusal(failure)) return { code: 'ZOOM_APP_MISCONFIGURED' };
  const retryAfter = parseRetryAfter(failure.retryAfter, now, LONGEST_TOKEN_PAUSE_MS);
  return { code: failure.status === 429 ? 'ZOOM_RATE_LIMITED' : 'ZOOM_UNAVAILABLE', retryAfter };
}
