import { type IssuedTokens } from '../store/grant-store.js';
import { type SandboxApp } from '../store/apps.js';
import { type SandboxState } from '../state.js';
import { OAuthError } from './oauth-error.js';
import { verifierMatches } from './pkce.js';

/** Exchanges a code for the first tokens of a grant (RFC 6749 §4.1.3); an older grant of the user dies with it. */
export function exchangeCode(
  state: SandboxState,
  app: SandboxApp,
  parameters: URLSearchParams,
): IssuedTokens {
  const code = parameters.get('code') ?? '';
  const authorized = state.codes.peek(code);
  const user = authorized && state.users.find(authorized.zoomUserId);
  if (!authorized || !user || authorized.clientId !== app.clientId) {
    throw new OAuthError('Invalid authorization code', 'invalid_grant');
  }
  if (parameters.get('redirect_uri') !== authorized.redirectUri) {
    throw new OAuthError('Redirect URI mismatch.', 'invalid_request');
  }
  if (!verifierMatches(authorized, parameters.get('code_verifier'))) {
    throw new OAuthError('Invalid code verifier', 'invalid_grant');
  }
  state.codes.consume(code);
  return state.grants.authorize({
    clientId: app.clientId,
    zoomUserId: user.id,
    accountId: user.accountId,
    scopes: authorized.scopes,
  });
}
