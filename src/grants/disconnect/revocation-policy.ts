import { isRefusal, type TokenRequestFailure } from '../../oauth/token-request-error.js';

/** Zoom's refresh tokens have expired by then. */
const GIVE_UP_AFTER_MS = 90 * 86_400_000;

/** Zoom's number for a revoked token (docs/zoom-protocol.md §3). */
const REVOKED = 4741;

/** Whether a failed request shows that Zoom does not know the grant any more: then there is nothing left to revoke. */
export function isAlreadyInvalid(failure: TokenRequestFailure): boolean {
  if (failure.kind !== 'error_response' || !isRefusal(failure)) return false;
  const { error, reason, code } = failure;
  return (
    error === 'invalid_grant' || error === 'invalid_token' || reason === 'dead_token' || code === REVOKED
  );
}

/** Whether to stop retrying a revocation that was requested at `requestedAt`. */
export function isGivenUp(now: Date, requestedAt: Date): boolean {
  return now.getTime() - requestedAt.getTime() > GIVE_UP_AFTER_MS;
}
