import { type IssuedTokens } from '../store/grant-store.js';
import { type SandboxApp } from '../store/apps.js';
import { type SandboxState } from '../state.js';
import { OAuthError } from './oauth-error.js';

/** Issues a token of a Server-to-Server app for its own account; there is no refresh token. */
export function issueAccountToken(
  state: SandboxState,
  app: SandboxApp,
  parameters: URLSearchParams,
): IssuedTokens {
  if (app.accountId === undefined || parameters.get('account_id') !== app.accountId) {
    throw new OAuthError('Bad request', 'invalid_request');
  }
  return state.grants.authorizeApp({ clientId: app.clientId, accountId: app.accountId, scopes: app.scopes });
}
