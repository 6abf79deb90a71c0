import { describeError, isOAuthError } from './error-description.js';
import { networkError, TokenRequestError } from './token-request-error.js';

/** An answer of the authorization server whose body has arrived in full. */
export interface Answer {
  status: number;
  /** Without a byte order mark. */
  body: string;
  /** Zoom's `x-zm-trackingid`. */
  trackingId: string | undefined;
  retryAfter: string | null;
}

/**
 * Reads the whole body. An answer of success that is cut off is a lost answer; of an error the status is enough.
 * @throws TokenRequestError of kind `network_error`
 */
export async function readAnswer(response: Response): Promise<Answer> {
  const body = await response.text().catch((error: unknown) => {
    if (response.ok) throw networkError(error);
    return '';
  });
  const trackingId = response.headers.get('x-zm-trackingid') ?? undefined;
  return { status: response.status, body, trackingId, retryAfter: response.headers.get('retry-after') };
}

/** The error for an answer without tokens. */
export function errorOf({ status, body, trackingId, retryAfter }: Answer): TokenRequestError {
  const described = describeError(body);
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && !isOAuthError(described))
    return new TokenRequestError({ kind: 'malformed_success' }, trackingId);
  return new TokenRequestError({ kind: 'error_response', status, ...described, retryAfter }, trackingId);
}
