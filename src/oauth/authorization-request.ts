/** What one authorization request says. */
export interface AuthorizationRequestParameters {
  authorizationEndpoint: string;
  clientId: string;
  redirectUri: string;
  state: string;
  /** S256 challenge of the code verifier (RFC 7636 §4.2). */
  codeChallenge: string;
  /** Zoom takes the scopes of the app's configuration when this is absent. */
  scopes?: readonly string[];
}

/**
 * The URL that sends the user to the authorization server. Zoom defaults to the `plain` challenge method when none
 * is named, so `S256` is always written out.
 * @see RFC 6749 §4.1.1, RFC 7636 §4.3
 */
export function buildAuthorizationUrl(request: AuthorizationRequestParameters): string {
  const url = new URL(request.authorizationEndpoint);
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('client_id', request.clientId);
  url.searchParams.set('redirect_uri', request.redirectUri);
  url.searchParams.set('state', request.state);
  url.searchParams.set('code_challenge', request.codeChallenge);
  url.searchParams.set('code_challenge_method', 'S256');
  if (request.scopes?.length) url.searchParams.set('scope', request.scopes.join(' '));
  return url.href;
}
