export interface AuthorizationRequestParameters {
  authorizationEndpoint: string;
  clientId: string;
  redirectUri: string;
  state: string;
  /** S256 challenge of the code verifier (RFC 7636 §4.2). */
  codeChallenge: string;
  /** Absent: Zoom takes the scopes of the app's configuration. */
  scopes?: readonly string[] | undefined;
}

/**
 * The URL that sends the user to the authorization server. It always names the challenge method `S256`, because
 * Zoom takes `plain` when none is named.
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
  if (request.scopes?.length) url.searchParams.set('scope', request.scopes.join(','));
  return url.href;
}
