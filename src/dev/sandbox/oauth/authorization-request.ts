import { appendParameters } from '../http/requests.js';
import { type SandboxState } from '../state.js';
import { type SandboxApp } from '../store/apps.js';
import { type CodeChallenge, type ConsentRequest } from '../store/pending-authorizations.js';
import { type SandboxUser } from '../store/users.js';

type ParsedAuthorizationRequest =
  | { kind: 'valid'; request: ConsentRequest }
  /** The user sees an error page at Zoom: no redirect URI in the request can be trusted. */
  | { kind: 'refused'; message: string }
  | { kind: 'returned'; location: string };

/**
 * Reads and checks an authorization request. The client and the redirect URI come first, because every other error
 * is reported by a redirect to that URI.
 * @see RFC 6749 §4.1.1, §4.1.2.1
 */
export function parseAuthorizationRequest(
  state: SandboxState,
  query: URLSearchParams,
): ParsedAuthorizationRequest {
  const app = state.apps.find(query.get('client_id') ?? '');
  if (!app || app.accountId !== undefined) return { kind: 'refused', message: 'Invalid client_id. (4,702)' };
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!app.redirectUris.includes(redirectUri)) {
    return { kind: 'refused', message: `Invalid redirect: ${redirectUri} (4,700)` };
  }
  if (['scope', 'optional_scope'].some((name) => hasSpaces(query.get(name)))) {
    return { kind: 'refused', message: 'Invalid scope (4,700)' };
  }
  const error = findError(query, app);
  if (error)
    return { kind: 'returned', location: appendParameters(redirectUri, { error, ...echoState(query) }) };
  return { kind: 'valid', request: readRequest(app, redirectUri, query) };
}

function findError(query: URLSearchParams, app: SandboxApp): string | undefined {
  if (query.get('response_type') !== 'code') return 'unsupported_response_type';
  if (!['plain', 'S256'].includes(query.get('code_challenge_method') ?? 'plain')) return 'invalid_request';
  const asked = [...parseScopes(query.get('scope')), ...parseScopes(query.get('optional_scope'))];
  return asked.every((scope) => app.scopes.includes(scope)) ? undefined : 'invalid_scope';
}

function readRequest(app: SandboxApp, redirectUri: string, query: URLSearchParams): ConsentRequest {
  const asked = parseScopes(query.get('scope'));
  const optional = new Set([...parseScopes(query.get('optional_scope')), ...(app.optionalScopes ?? [])]);
  const scopes =
    asked.length > 0 ? [...new Set([...asked, ...parseScopes(query.get('optional_scope'))])] : app.scopes;
  return {
    clientId: app.clientId,
    redirectUri,
    state: query.get('state'),
    requiredScopes: scopes.filter((scope) => !optional.has(scope)),
    optionalScopes: scopes.filter((scope) => optional.has(scope)),
    includeGrantedScopes: query.has('include_granted_scopes'),
    codeChallenge: readChallenge(query),
  };
}

function readChallenge(query: URLSearchParams): CodeChallenge | null {
  const value = query.get('code_challenge');
  if (value === null) return null;
  return { value, method: query.get('code_challenge_method') === 'S256' ? 'S256' : 'plain' };
}

function echoState(query: URLSearchParams): { state?: string } {
  const state = query.get('state');
  return state === null ? {} : { state };
}

/** Reads a list of scopes that are separated by commas, without duplicates. */
export function parseScopes(value: string | null): string[] {
  return [...new Set((value ?? '').split(',').filter(Boolean))];
}

/** Whether scopes are separated by anything but a comma. Zoom is reported to refuse that with error 4,700. */
function hasSpaces(value: string | null): boolean {
  return /[\s+]/.test(value ?? '');
}

/** Issues a code for a request that the user allowed. Returns the address for the browser (RFC 6749 §4.1.2). */
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
  });
  return appendParameters(request.redirectUri, withState({ code }, request));
}

/** The address for the browser after the user declined (RFC 6749 §4.1.2.1). */
export function declineConsent(request: ConsentRequest): string {
  return appendParameters(request.redirectUri, withState({ error: 'access_denied' }, request));
}

function withState(parameters: Record<string, string>, { state }: ConsentRequest): Record<string, string> {
  return state === null ? parameters : { ...parameters, state };
}
