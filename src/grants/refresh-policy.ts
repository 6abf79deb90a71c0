import { defined } from '../lib/defined.js';
import { AppError } from '../lib/errors.js';
import { type ErrorResponse, isRefusal, type TokenRequestFailure } from '../oauth/token-request-error.js';
import { LONGEST_TOKEN_PAUSE_MS, parseRetryAfter } from '../lib/retry-after.js';
import { exponentialBackoff } from '../lib/timing.js';
import { type TransientCode } from '../models/refresh-state.js';
import { type DisconnectReason } from '../models/user-oauth-token.js';
import { type Grant } from './grant.js';
import { meaningOfRefusal, refusedError, type RefusalMeaning } from './refusal-policy.js';

/** An access token with this much left, or less, is refreshed before use. */
export const REFRESH_MARGIN_MS = 5 * 60_000;

/** Zoom's documented life of a refresh token. Used only to explain a refusal, never to predict one. */
export const REFRESH_TOKEN_LIFETIME_MS = 90 * 86_400_000;

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;
/** A refusal is an answer: asking again soon helps less than after an outage. */
const LONGEST_BACKOFF_AFTER_REFUSAL_MS = 15 * 60_000;

/**
 * What to do for a caller who needs an access token. `wait`: refreshes pause until `retryAt`; `error` is for callers who
 * cannot wait that long.
 */
export type AccessDecision =
  | { kind: 'use'; grant: Grant }
  | { kind: 'refresh'; grant: Grant }
  | { kind: 'refuse'; error: AppError }
  | { kind: 'wait'; grant: Grant; retryAt: Date; error: AppError };

/** Which stored tokens are not good enough although they have not expired. */
export interface AccessNeed {
  /** The version of a token that Zoom has refused (401/124) or that the user asked to replace. */
  rejectedVersion?: number | undefined;
  /** Contested tokens are to be replaced. */
  settlesContest?: boolean | undefined;
}

/** Decides for the grant as it is stored at `now`. */
export function decideAccess(grant: Grant | undefined, now: Date, need: AccessNeed = {}): AccessDecision {
  if (!grant || grant.isRevoked) return refuse('ZOOM_NOT_CONNECTED', grant);
  if (!grant.isActive || !grant.accessTokenExpiry) return refuse('ZOOM_REAUTHORIZATION_REQUIRED', grant);
  const left = grant.accessTokenExpiry.getTime() - now.getTime();
  const isRejected =
    grant.tokenVersion === need.rejectedVersion || (need.settlesContest === true && isContested(grant));
  if (!isRejected && left > REFRESH_MARGIN_MS) return { kind: 'use', grant };
  const { refreshBackoff } = grant;
  if (!refreshBackoff || refreshBackoff.retryAt <= now) return { kind: 'refresh', grant };
  if (!isRejected && left > 0) return { kind: 'use', grant };
  const { code, retryAt } = refreshBackoff;
  const error =
    code === 'ZOOM_REFUSED' ? refusedError(grant.refreshRefusal, retryAt) : new AppError(code, { retryAt });
  return { kind: 'wait', grant, retryAt, error };
}

/** Whether two attempts may have used one refresh token, so that the stored pair may not be the last that Zoom issued. */
export function isContested({ contest, tokenVersion }: Pick<Grant, 'contest' | 'tokenVersion'>): boolean {
  return contest !== undefined && tokenVersion <= contest.upTo;
}

function refuse(code: AppError['code'], grant: Grant | undefined): AccessDecision {
  return { kind: 'refuse', error: new AppError(code, defined({ reason: grant?.reason })) };
}

/**
 * What a token request without tokens means.
 * - `rejected`: Zoom calls this refresh token or code dead.
 * - `refused`: Zoom refuses in other words. It has done nothing, and the grant is untouched: such words have come and
 *   gone with incidents at Zoom.
 * - `transient`: the grant is untouched. `outcomeKnown: false` when Zoom may have issued tokens all the same.
 */
export type TokenRequestVerdict =
  | { kind: 'rejected' }
  | ({ kind: 'refused'; retryAfter?: Date | undefined } & RefusalMeaning)
  | {
      kind: 'transient';
      code: Exclude<TransientCode, 'ZOOM_REFUSED'>;
      outcomeKnown: boolean;
      retryAfter?: Date | undefined;
    };

const APP_ERRORS = new Set<unknown>(['invalid_client', 'unauthorized_client', 'unsupported_grant_type']);
/** Texts about the app and not about the token. */
const APP_REASONS = new Set<unknown>(['invalid_client', 'grant_type', 'redirect_mismatch', 'app_disabled']);
/** Zoom's numbers for a wrong client, grant type or redirect URI, and for a disabled app (docs/zoom-protocol.md §3). */
const APP_CODES = new Set<unknown>([4702, 4704, 4705, 4706, 4709, 4717]);

/**
 * Reads the body before the status: Zoom answers 400 both for a dead token and for a wrong client secret, and has
 * changed statuses before (docs/zoom-protocol.md §3).
 * @see RFC 6749 §5.2
 */
export function classifyTokenRequestFailure(failure: TokenRequestFailure, now: Date): TokenRequestVerdict {
  switch (failure.kind) {
    case 'network_error':
      return { kind: 'transient', code: 'ZOOM_UNAVAILABLE', outcomeKnown: failure.sent === 'no' };
    case 'malformed_success':
      return { kind: 'transient', code: 'ZOOM_UNAVAILABLE', outcomeKnown: false };
    case 'error_response': {
      const retryAfter = parseRetryAfter(failure.retryAfter, now, LONGEST_TOKEN_PAUSE_MS);
      return isRefusal(failure)
        ? classifyRefusal(failure, retryAfter)
        : classifyStatus(failure.status, retryAfter);
    }
  }
}

function classifyRefusal(refusal: ErrorResponse, retryAfter: Date | undefined): TokenRequestVerdict {
  const { error, reason, code } = refusal;
  const misconfigured = { kind: 'transient', code: 'ZOOM_APP_MISCONFIGURED', outcomeKnown: true } as const;
  if (APP_ERRORS.has(error)) return misconfigured;
  if (error === 'invalid_grant' || reason === 'dead_token') return { kind: 'rejected' };
  if (APP_CODES.has(code) || APP_REASONS.has(reason)) return misconfigured;
  return { kind: 'refused', ...meaningOfRefusal(refusal), retryAfter };
}

function classifyStatus(status: number, retryAfter: Date | undefined): TokenRequestVerdict {
  if (status === 429) return { kind: 'transient', code: 'ZOOM_RATE_LIMITED', outcomeKnown: true, retryAfter };
  // A gateway in front of Zoom may answer 5xx, or give up with 408, after the work was done.
  const outcomeKnown = status < 500 && status !== 408;
  return { kind: 'transient', code: 'ZOOM_UNAVAILABLE', outcomeKnown, retryAfter };
}

/** What is known of a refresh token that Zoom refuses. */
export interface RejectionFacts {
  earlierOutcomeUnknown: boolean;
  now: Date;
  /** When a backup of the database was restored last. */
  restoredAt?: Date | undefined;
}

/**
 * Why Zoom refused the stored refresh token. If it comes from a restored backup, it was most likely replaced after that
 * backup. Otherwise it was most likely used by an earlier attempt whose outcome was never recorded, if there was one, or
 * revoked by a code whose redemption was never recorded. Then we have lost the rotation, and the user has decided nothing.
 */
export function rejectionReason(
  grant: Pick<Grant, 'refreshTokenIssuedAt' | 'unsettledAuthorization'>,
  { earlierOutcomeUnknown, now, restoredAt }: RejectionFacts,
): DisconnectReason {
  const issuedAt = grant.refreshTokenIssuedAt?.getTime() ?? now.getTime();
  if (restoredAt && issuedAt < restoredAt.getTime()) return 'BACKUP_RESTORED';
  if (earlierOutcomeUnknown || grant.unsettledAuthorization) return 'ROTATION_LOST';
  return now.getTime() - issuedAt >= REFRESH_TOKEN_LIFETIME_MS
    ? 'REFRESH_TOKEN_EXPIRED'
    : 'REFRESH_TOKEN_REJECTED';
}

/**
 * When the next try is due after `errorCount` failures in a row: 0.5 s doubling to a minute, or to 15 minutes if Zoom
 * has refused, less up to half of it by `jitter` (0 to 1), and never before the instant that Zoom named.
 */
export function nextAttemptAt(
  now: Date,
  errorCount: number,
  jitter: number,
  { retryAfter, isRefused = false }: { retryAfter?: Date | undefined; isRefused?: boolean } = {},
): Date {
  const limit = isRefused ? LONGEST_BACKOFF_AFTER_REFUSAL_MS : LONGEST_BACKOFF_MS;
  const longest = exponentialBackoff(FIRST_BACKOFF_MS, limit, errorCount);
  const backoff = now.getTime() + longest * (1 - jitter / 2);
  return new Date(Math.max(backoff, retryAfter?.getTime() ?? 0));
}

/**
 * When an access token ends, counted from before the request was sent: the answer's travel time is Zoom's, not ours.
 */
export function accessTokenExpiry(requestSentAt: Date, expiresInSeconds: number): Date {
  return new Date(requestSentAt.getTime() + expiresInSeconds * 1000);
}
