import { type ConsentRequest } from '../store/pending-authorizations.js';
import { type SandboxState } from '../state.js';
import { type SandboxUser } from '../store/users.js';
import { appendParameters } from '../http/requests.js';

/** Issues the code of an allowed request and tells where the browser goes with it (RFC 6749 §4.1.2). */
export function grantConsent(
  state: SandboxState,
  request: ConsentRequest,
  user: SandboxUser,
  tickedScopes: readonly string[],
): string {
  const earlier = request.includeGrantedScopes
    ? state.grants.findAlive(request.clientId, user.id)
    : undefined;
  const optional = request.optionalScopes.filter((scope) => tickedScopes.includes(scope));
  const code = state.codes.issue({
    clientId: request.clientId,
    zoomUserId: user.id,
    redirectUri: request.redirectUri,
    scopes: [...new Set([...request.requiredScopes, ...optional, ...(earlier?.scopes ?? [])])],
    codeChallenge: request.codeChallenge,
    codeChallengeMethod: request.codeChallengeMethod,
  });
  return appendParameters(request.redirectUri, withState({ code }, request));
}

/** Where the browser goes when the user declined (RFC 6749 §4.1.2.1). */
export function declineConsent(request: ConsentRequest): string {
  return appendParameters(request.redirectUri, withState({ error: 'access_denied' }, request));
}

function withState(parameters: Record<string, string>, { state }: ConsentRequest): Record<string, string> {
  return state === null ? parameters : { ...parameters, state };
}
