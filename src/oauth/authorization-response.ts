/**
 * What the authorization server's redirect says.
 * - `code`: the user consented; `query` goes to the exchange unchanged.
 * - `denied`: an error came back, or nothing but our state did.
 * - `unsolicited`: no state of ours, as when an install begins in the Marketplace. Never to be exchanged.
 * - `malformed`: a parameter stands twice or is empty.
 */
export type AuthorizationResponse =
  | { kind: 'code'; state: string; query: URLSearchParams }
  | { kind: 'denied'; state: string; error: string }
  | { kind: 'unsolicited'; error: string | undefined }
  | { kind: 'malformed' };

/** The characters RFC 6749 appendix A.7 allows in `error`. */
const ERROR_VALUE = /^[\x20-\x21\x23-\x5B\x5D-\x7E]{1,64}$/;

/**
 * Reads the query of the redirect URI.
 * @see RFC 6749 §4.1.2
 */
export function parseAuthorizationResponse(query: URLSearchParams): AuthorizationResponse {
  if (['state', 'code', 'error'].some((name) => query.getAll(name).length > 1)) return { kind: 'malformed' };
  const [state, code, error] = ['state', 'code', 'error'].map((name) => query.get(name) || undefined);
  const safeError = error && ERROR_VALUE.test(error) ? error : error && 'unreadable_error';
  // Zoom's Marketplace has been seen to send the literal text "null" as state.
  if (!state || state === 'null') return { kind: 'unsolicited', error: safeError };
  if (safeError) return { kind: 'denied', state, error: safeError };
  if (!code) return { kind: 'denied', state, error: 'access_denied' };
  return { kind: 'code', state, query };
}
