import { AppError } from '../lib/errors.js';
import { type TokenRequestFailure } from '../oauth/token-request-error.js';
import { parseRetryAfter } from '../lib/retry-after.js';
import { type TransientCode } from '../models/user-oauth-token.js';
import { REFRESH_MARGIN_MS } from '../grants/refresh-policy.js';

/** The stored token of the app, as far as it decides. All instants are UTC. */
export interface AppTokenState {
  version: number;
  /** Absent: there is no token yet. */
  expiresAt?: Date;
  /** `code`: a {@link TransientCode}. */
  backoff?: { code: string; retryAt: Date };
}

/** What to do for a caller who needs the app's token. */
export type AppTokenDecision = { kind: 'use' } | { kind: 'request' } | { kind: 'refuse'; error: AppError };

/**
 * Decides at `now`. A token is replaced when five minutes or less remain, or when it is the one that Zoom has just
 * refused (`rejectedVersion`). While requests fail, a token that still lives is used.
 */
export function decideAppToken(
  { version, expiresAt, backoff }: AppTokenState,
  now: Date,
  rejectedVersion?: number,
): AppTokenDecision {
  const left = version === rejectedVersion || !expiresAt ? 0 : expiresAt.getTime() - now.getTime();
  if (left > REFRESH_MARGIN_MS) return { kind: 'use' };
  if (!backoff || backoff.retryAt <= now) return { kind: 'request' };
  if (left > 0) return { kind: 'use' };
  return { kind: 'refuse', error: new AppError(backoff.code as TransientCode, { retryAt: backoff.retryAt }) };
}

/**
 * What a failed request for the app's token means. There is no grant to lose: a refusal is always the app's
 * configuration (wrong secret, wrong account, deactivated), anything else passes.
 * @see RFC 6749 §5.2
 */
export function classifyAppTokenFailure(
  failure: TokenRequestFailure,
  now: Date,
): { code: TransientCode; retryAfter?: Date } {
  if (failure.kind === 'network_error' || failure.kind === 'malformed_success')
    return { code: 'ZOOM_UNAVAILABLE' };
  const retryAfter = parseRetryAfter(failure.retryAfter, now);
  if (failure.status === 429) return { code: 'ZOOM_RATE_LIMITED', retryAfter };
  if (failure.kind === 'oauth_error' && failure.status < 500) return { code: 'ZOOM_APP_MISCONFIGURED' };
  return { code: 'ZOOM_UNAVAILABLE', retryAfter };
}
