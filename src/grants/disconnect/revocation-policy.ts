import { type TokenRequestFailure } from '../../oauth/token-request-error.js';

/** Zoom's refresh tokens have expired by then. */
const GIVE_UP_AFTER_MS = 90 * 86_400_000;

/** Whether a failed request shows that Zoom does not know the grant any more: then there is nothing left to revoke. */
export function isAlreadyInvalid(failure: TokenRequestFailure): boolean {
  return (
    failure.kind === 'oauth_error' &&
    (['invalid_grant', 'invalid_token'].includes(failure.error) || failure.reason === 'Invalid Token!')
  );
}

/** Whether to stop retrying a revocation that was requested at `requestedAt`. */
export function isGivenUp(now: Date, requestedAt: Date): boolean {
  return now.getTime() - requestedAt.getTime() > GIVE_UP_AFTER_MS;
}
