import { type AuthorizationResponse } from '../../oauth/authorization-response.js';
import { type TokenRequestFailure } from '../../oauth/token-request-error.js';
import { classifyTokenRequestFailure } from '../refresh-policy.js';

/** Why a callback connected nobody: the values of `reason` in the redirect to the frontend. */
export const CALLBACK_REASONS = [
  'access_denied',
  'state_expired',
  'state_unknown',
  'browser_mismatch',
  'exchange_failed',
  'zoom_unavailable',
  'missing_scope',
  'restart',
  'try_again',
] as const;

export type CallbackReason = (typeof CALLBACK_REASONS)[number];

/** Where the callback sends the browser, and with which reason. */
export interface CallbackOutcome {
  returnTo: string;
  /** Absent: connected. */
  reason?: CallbackReason;
}

/** The address of the redirect: `?zoom=connected` or `?zoom=error&reason=<code>`, and nothing else. */
export function callbackRedirect({ returnTo, reason }: CallbackOutcome): string {
  const url = new URL(returnTo);
  url.searchParams.set('zoom', reason ? 'error' : 'connected');
  if (reason) url.searchParams.set('reason', reason);
  else url.searchParams.delete('reason');
  return url.href;
}

/** The reason for an answer that carries an error instead of a code (RFC 6749 §4.1.2.1). */
export function reasonOfDenial({ error }: AuthorizationResponse & { kind: 'denied' }): CallbackReason {
  if (error === 'access_denied') return 'access_denied';
  return error === 'temporarily_unavailable' || error === 'server_error'
    ? 'zoom_unavailable'
    : 'exchange_failed';
}

/** The reason for a failed code exchange: a refusal, in whatever words, is never called an outage. */
export function reasonOfExchangeFailure(failure: TokenRequestFailure, now: Date): CallbackReason {
  const meaning = classifyTokenRequestFailure(failure, now);
  return meaning.kind === 'transient' && meaning.code !== 'ZOOM_APP_MISCONFIGURED'
    ? 'zoom_unavailable'
    : 'exchange_failed';
}

/** Whether Zoom refuses for a mistake of the operator: the app's credentials, or a redirect URI that Zoom does not know. */
export function isMisconfigured(failure: TokenRequestFailure, now: Date): boolean {
  const meaning = classifyTokenRequestFailure(failure, now);
  if (meaning.kind === 'transient') return meaning.code === 'ZOOM_APP_MISCONFIGURED';
  // RFC 6749 §5.2 has `invalid_grant` for another redirect URI too.
  return failure.kind === 'error_response' && failure.reason === 'redirect_mismatch';
}

/** Whether Zoom may have redeemed the code although the exchange failed. It would then have revoked the user's former tokens. */
export function mayHaveRedeemed(failure: TokenRequestFailure, now: Date): boolean {
  const meaning = classifyTokenRequestFailure(failure, now);
  return meaning.kind === 'transient' && !meaning.outcomeKnown;
}
