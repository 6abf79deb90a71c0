import { type TokenRequestReport } from '../oauth/token-request-report.js';
import { classifyTokenRequestFailure } from './refresh-policy.js';

/**
 * How a request of the token endpoint ended, in the words of its verdict. `rejected`: the token or the code is dead;
 * `refused`: Zoom said no and did not call it dead; `misconfigured`: Zoom refuses this app; `failed`: an error of this
 * program.
 */
export const TOKEN_REQUEST_OUTCOMES = [
  'ok',
  'rejected',
  'refused',
  'misconfigured',
  'rate_limited',
  'unavailable',
  'failed',
] as const;

export type TokenRequestOutcome = (typeof TOKEN_REQUEST_OUTCOMES)[number];

const OUTCOME_OF_CODE = {
  ZOOM_UNAVAILABLE: 'unavailable',
  ZOOM_RATE_LIMITED: 'rate_limited',
  ZOOM_APP_MISCONFIGURED: 'misconfigured',
} as const;

/** The same reading of an answer as that which decides about grants ({@link classifyTokenRequestFailure}). */
export function tokenRequestOutcome(failure: TokenRequestReport['failure'], now: Date): TokenRequestOutcome {
  if (!failure) return 'ok';
  if (failure.kind === 'unexpected') return 'failed';
  const verdict = classifyTokenRequestFailure(failure, now);
  return verdict.kind === 'transient' ? OUTCOME_OF_CODE[verdict.code] : verdict.kind;
}
