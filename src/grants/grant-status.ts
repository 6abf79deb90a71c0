import { type DisconnectReason } from '../models/user-oauth-token.js';
import { type Grant } from './grant.js';
import { isTold } from './refusal-policy.js';

/** Whether a user is connected, in the words of the API. */
export type ConnectionStatus = 'NOT_CONNECTED' | 'CONNECTED' | 'REAUTHORIZATION_REQUIRED' | 'REVOKED';

/** What the user or the operator can do. */
export type NextAction = 'NONE' | 'CONNECT' | 'RECONNECT' | 'WAIT' | 'CONTACT_SUPPORT';

/** The status of a connection with its explanation. */
export interface GrantStatus {
  status: ConnectionStatus;
  reason?: DisconnectReason | undefined;
  since?: Date | undefined;
  nextAction: NextAction;
}

/**
 * What the stored grant means at `now`. A failed refresh alone never changes the status. Only a refusal of the refresh
 * token, another user's authorization or a revocation does, and the end of an access token that has no refresh token.
 * `reason` also explains a connection that is kept but cannot be refreshed.
 */
export function grantStatus(
  grant: Grant | undefined,
  now: Date,
  missingScopes: readonly string[] = [],
): GrantStatus {
  if (!grant) return { status: 'NOT_CONNECTED', nextAction: 'CONNECT' };
  const { reason, since } = grant;
  if (grant.isRevoked) return { status: 'REVOKED', reason, since, nextAction: 'RECONNECT' };
  if (!grant.isActive) return { status: 'REAUTHORIZATION_REQUIRED', reason, since, nextAction: 'RECONNECT' };
  if (hasEndedByItself(grant, now))
    return {
      status: 'REAUTHORIZATION_REQUIRED',
      reason: 'NO_REFRESH_TOKEN',
      since: grant.accessTokenExpiry,
      nextAction: 'RECONNECT',
    };
  const nextAction = nextActionWhileConnected(grant, now, missingScopes);
  const { refreshRefusal } = grant;
  if (!refreshRefusal || !isTold(refreshRefusal)) return { status: 'CONNECTED', since, nextAction };
  return { status: 'CONNECTED', reason: refreshRefusal.cause, since: refreshRefusal.since, nextAction };
}

/** Zoom has issued no refresh token (RFC 6749 §5.1 allows that), and the access token has expired. */
function hasEndedByItself({ refreshToken, accessTokenExpiry }: Grant, now: Date): boolean {
  return refreshToken === undefined && accessTokenExpiry !== undefined && accessTokenExpiry <= now;
}

function nextActionWhileConnected(grant: Grant, now: Date, missingScopes: readonly string[]): NextAction {
  const { refreshBackoff, refreshRefusal } = grant;
  if (refreshBackoff?.code === 'ZOOM_APP_MISCONFIGURED') return 'CONTACT_SUPPORT';
  if (refreshRefusal && !isTold(refreshRefusal)) return 'WAIT';
  if (refreshRefusal) return refreshRefusal.needsSupport ? 'CONTACT_SUPPORT' : 'RECONNECT';
  if (refreshBackoff && refreshBackoff.retryAt > now) return 'WAIT';
  return missingScopes.length > 0 ? 'RECONNECT' : 'NONE';
}
