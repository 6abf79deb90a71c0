import { wasNeverSent } from '../lib/http-client.js';
import { type ErrorDescription } from './error-description.js';

/**
 * Why a request to the token or revocation endpoint failed.
 * - `error_response`: the server answered without tokens. What its body says is in a closed vocabulary; nothing of the
 *   body itself is kept. The status is one of success if the body names an OAuth error all the same.
 * - `malformed_success`: a status of success with a body that is neither. The server may have rotated the token.
 * - `network_error`: no complete answer arrived. `sent: 'no'`: the request certainly did not reach the server.
 */
export type TokenRequestFailure =
  ErrorResponse | { kind: 'malformed_success' } | { kind: 'network_error'; sent: 'no' | 'maybe' };

/** An answer without tokens. */
export interface ErrorResponse extends ErrorDescription {
  kind: 'error_response';
  status: number;
  /** The header `Retry-After`, as it came. */
  retryAfter: string | null;
}

/** A failed request to the token or revocation endpoint. It holds no part of the request or of the answer's body. */
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
    case 'error_response': {
      const { status, error, reason, code } = failure;
      const said = [error, reason, code].filter((part) => part !== undefined).join(', ');
      return `HTTP ${status}${said ? `: ${said}` : ' without an error that can be read'}`;
    }
    case 'malformed_success':
      return 'a status of success with a body that is not a token response';
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

/** Whether an answer is definite: the server refuses the request, and has done nothing. */
export function isRefusal({ status }: ErrorResponse): boolean {
  if (status >= 200 && status < 300) return true;
  return status >= 400 && status < 500 && ![408, 425, 429].includes(status);
}
