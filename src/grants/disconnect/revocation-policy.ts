import { type TokenRequestFailure } from '../../oauth/token-request-error.js';
import { exponentialBackoff } from '../../lib/timing.js';

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** Zoom's refresh tokens have died by themselves by then. */
const GIVE_UP_AFTER_MS = 90 * 86_400_000;

/** Whether a failed request shows that Zoom no longer knows the grant: then there is nothing left to revoke. */
export function isAlreadyInvalid(failure: TokenRequestFailure): boolean {
  return (
    failure.kind === 'oauth_error' &&
    (['invalid_grant', 'invalid_token'].includes(failure.error) || failure.reason === 'Invalid Token!')
  );
}

/** When the next try is due after `attempts` (5 s doubling to an hour); undefined when it is time to give up. */
export function nextRevocationAt(now: Date, requestedAt: Date, attempts: number): Date | undefined {
  if (now.getTime() - requestedAt.getTime() > GIVE_UP_AFTER_MS) return undefined;
  return new Date(now.getTime() + exponentialBackoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS, attempts));
}
