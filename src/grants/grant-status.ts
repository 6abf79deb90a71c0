import { type DisconnectReason } from '../models/user-oauth-token.js';
import { type Grant } from './grant.js';

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
 * token, another user's authorization or a revocation does.
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
  return { status: 'CONNECTED', since, nextAction: nextActionWhileConnected(grant, now, missingScopes) };
}

function nextActionWhileConnected(grant: Grant, now: Date, missingScopes: readonly string[]): NextAction {
  const { refreshBackoff } = grant;
  if (refreshBackoff?.code === 'ZOOM_APP_MISCONFIGURED') return 'CONTACT_SUPPORT';
  if (refreshBackoff && refreshBackoff.retryAt > now) return 'WAIT';
  return missingScopes.length > 0 ? 'RECONNECT' : 'NONE';
}
