import { type IssuedTokens } from '../store/grant-store.js';
import { type SandboxApp } from '../store/apps.js';
import { type SandboxState } from '../state.js';
import { invalidToken } from './oauth-error.js';

/** Rotates the tokens of a grant (RFC 6749 §6). */
export function refreshTokens(
  state: SandboxState,
  app: SandboxApp,
  parameters: URLSearchParams,
): IssuedTokens {
  const redemption = state.grants.redeem(parameters.get('refresh_token') ?? '', app.clientId);
  state.counters.countRefresh(redemption.kind, redemption.jti);
  if (redemption.kind === 'rejected') throw invalidToken();
  return redemption.tokens;
}
