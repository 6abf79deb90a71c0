import { type IssuedTokens } from '../store/grant-store.js';
import { type SandboxState } from '../state.js';

/** The success body of the token endpoint (RFC 6749 §5.1, with Zoom's `api_url`). */
export function tokenAnswer(state: SandboxState, tokens: IssuedTokens) {
  return {
    access_token: tokens.accessToken,
    token_type: 'bearer',
    refresh_token: tokens.refreshToken,
    expires_in: 3599,
    scope: tokens.grant.scopes.join(' '),
    api_url: state.settings.omitApiUrl ? undefined : state.baseUrl,
  };
}
