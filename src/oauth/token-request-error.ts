import { wasNeverSent } from '../lib/http-client.js';

/**
 * Why a request to the token or revocation endpoint failed.
 * - `oauth_error`: a JSON body with `error` (RFC 6749 §5.2); Zoom explains in `reason`.
 * - `http_error`: a status other than 200 without such a body.
 * - `malformed_success`: 200 with a body that is not a token response. The server may have rotated the token.
 * - `network_error`: no complete answer arrived. `sent: 'no'`: the request certainly did not reach the server.
 */
export type TokenRequestFailure =
  | {
      kind: 'oauth_error';
      status: number;
      error: string;
      reason: string | undefined;
      retryAfter: string | null;
    }
  | { kind: 'http_error'; status: number; retryAfter: string | null }
  | { kind: 'malformed_success' }
  | { kind: 'network_error'; sent: 'no' | 'maybe' };

/** A failed request to the token or revocation endpoint. It holds no part of the request or of a success body. */
export class TokenRequestError extends Error {
  override readonly name = 'TokenRequestError';

  constructor(
    readonly failure: TokenRequestFailure,
    /** Zoom's `x-zm-trackingid` of the answer. */
    readonly trackingId?: string,
    cause?: unknown,
  ) {
    super(describe(failure), cause === undefined ? undefined : { cause });
  }
}

function describe(failure: TokenRequestFailure): string {
  switch (failure.kind) {
    case 'oauth_error':
      return `${failure.status} ${failure.error}${failure.reason ? ` (${failure.reason})` : ''}`;
    case 'http_error':
      return `HTTP ${failure.status} without an OAuth error`;
    case 'malformed_success':
      return 'HTTP 200 with a body that is not a token response';
    case 'network_error':
      return failure.sent === 'no' ? 'the request could not be sent' : 'no complete answer arrived';
  }
}

/** The error for a rejected `fetch`. `sent` is `no` only if the error came before the first byte was sent. */
export function networkError(cause: unknown): TokenRequestError {
  return new TokenRequestError(
    { kind: 'network_error', sent: wasNeverSent(cause) ? 'no' : 'maybe' },
    undefined,
    cause,
  );
}
