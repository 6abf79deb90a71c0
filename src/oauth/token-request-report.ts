import { TokenRequestError, type TokenRequestFailure } from './token-request-error.js';

/** What is asked of the token endpoint, or of the revocation endpoint. `app_token`: for the Server-to-Server app. */
export const TOKEN_OPERATIONS = ['exchange', 'refresh', 'revoke', 'app_token'] as const;

export type TokenOperation = (typeof TOKEN_OPERATIONS)[number];

/** How one request of the token or revocation endpoint ended. It holds no part of the request or of the answer's body. */
export interface TokenRequestReport {
  operation: TokenOperation;
  /** Undefined: it succeeded. `unexpected`: an error of this program. */
  failure: TokenRequestFailure | { kind: 'unexpected' } | undefined;
  /** From before the request is sent until its answer has been read. */
  durationMs: number;
}

export type OnTokenRequest = (report: TokenRequestReport) => void;

/** Runs a request with the reading of its answer, and reports how it ended. */
export async function reportTokenRequest<T>(
  operation: TokenOperation,
  request: () => Promise<T>,
  onRequest: OnTokenRequest | undefined,
): Promise<T> {
  const began = performance.now();
  const report = (failure: TokenRequestReport['failure']) =>
    onRequest?.({ operation, failure, durationMs: performance.now() - began });
  try {
    const answer = await request();
    report(undefined);
    return answer;
  } catch (error) {
    report(error instanceof TokenRequestError ? error.failure : { kind: 'unexpected' });
    throw error;
  }
}
