import { type Answer, errorOf } from './answer.js';
import { parseJson } from '../lib/foreign-text.js';
import { describeError } from './error-description.js';
import { type TokenRequestError } from './token-request-error.js';

/**
 * Why an answer of the revocation endpoint is no success; undefined if it is one. RFC 7009 §2.2 asks for 200 and nothing
 * more. Zoom adds `{"status":"success"}`: a body that names another status, or an error, has revoked nothing.
 */
export function revocationFailure(answer: Answer): TokenRequestError | undefined {
  const isSuccess = answer.status === 200 && !deniesSuccess(answer.body);
  return isSuccess ? undefined : errorOf(answer);
}

function deniesSuccess(body: string): boolean {
  const value = parseJson(body);
  const { status, success } = (typeof value === 'object' && value ? value : {}) as Record<string, unknown>;
  if (status !== undefined && status !== null)
    return typeof status !== 'string' || status.toLowerCase() !== 'success';
  return success === false || Object.keys(describeError(body)).length > 0;
}
