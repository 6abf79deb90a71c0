/**
 * What the redirect of the authorization server says.
 * - `code`: the user consented. Parameters that nobody has asked for, such as `iss`, are ignored.
 * - `denied`: the redirect holds an error, or our state and no code.
 * - `unsolicited`: the redirect holds no state of ours, as when an install begins in the Marketplace. Its code must
 *   not be redeemed.
 * - `malformed`: a parameter occurs twice.
 */
export type AuthorizationResponse =
  | { kind: 'code'; state: string; query: URLSearchParams }
  | { kind: 'denied'; state: string; error: string }
  | { kind: 'unsolicited'; error: string | undefined }
  | { kind: 'malformed' };

/** The characters that RFC 6749 appendix A.7 allows in `error`. */
const ERROR_VALUE = /^[\x20-\x21\x23-\x5B\x5D-\x7E]{1,64}$/;

/**
 * Reads the query of the redirect URI.
 * @see RFC 6749 §4.1.2
 */
export function parseAuthorizationResponse(query: URLSearchParams): AuthorizationResponse {
  if (['state', 'code', 'error'].some((name) => query.getAll(name).length > 1)) return { kind: 'malformed' };
  const state = query.get('state');
  const error = readError(query.get('error'));
  // Zoom's Marketplace has been seen to send the literal text "null" as state.
  if (!state || state === 'null') return { kind: 'unsolicited', error };
  if (error !== undefined) return { kind: 'denied', state, error };
  if (!query.get('code')) return { kind: 'denied', state, error: 'access_denied' };
  return { kind: 'code', state, query };
}

function readError(value: string | null): string | undefined {
  if (!value) return undefined;
  return ERROR_VALUE.test(value) ? value : 'unreadable_error';
}
