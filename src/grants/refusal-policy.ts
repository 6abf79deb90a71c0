import { AppError } from '../lib/errors.js';
import { type ErrorResponse } from '../oauth/token-request-error.js';
import { type RefreshRefusal, type RefusalCause } from '../models/refresh-refusal.js';

/** From then on repeated refusals are told as the state of the connection. An incident at Zoom is over by then. */
const LASTING_AFTER_MS = 86_400_000;

/** Zoom's number for a token that an administrator has disabled (docs/zoom-protocol.md §3). */
const DISABLED_BY_ADMIN = 4738;
/** The same for a token whose scopes are not those of the app any more. */
const SCOPES_DO_NOT_MATCH = 4711;

/** What a refusal says, in words that do not call the token dead. */
export interface RefusalMeaning {
  cause: RefusalCause;
  /** Only an administrator, Zoom or the operator can end it. */
  needsSupport: boolean;
  zoomCode?: number | undefined;
}

/** Reads a refusal. @see docs/zoom-protocol.md §3 */
export function meaningOfRefusal({ reason, code }: ErrorResponse): RefusalMeaning {
  const hasChangedScopes = code === SCOPES_DO_NOT_MATCH || reason === 'scopes_changed';
  return {
    cause: hasChangedScopes ? 'SCOPES_CHANGED' : 'REFRESH_REFUSED',
    needsSupport: code === DISABLED_BY_ADMIN || reason === 'disabled_by_admin',
    zoomCode: code,
  };
}

/** What is stored after a refusal at `now` that follows `former`. The first refusal in a row dates them all. */
export function nextRefusal(
  former: RefreshRefusal | undefined,
  { cause, needsSupport, zoomCode }: RefusalMeaning,
  now: Date,
): RefreshRefusal {
  const since = former?.since ?? now;
  return { cause, needsSupport, since, latest: now, ...(zoomCode !== undefined && { zoomCode }) };
}

/** Whether refusals have been repeated for a day or more. Time without a further refusal does not count. */
export function isLasting(refusal: Pick<RefreshRefusal, 'since' | 'latest'> | undefined): boolean {
  return refusal !== undefined && refusal.latest.getTime() - refusal.since.getTime() >= LASTING_AFTER_MS;
}

/** Whether the status of the connection names the refusal: it has lasted, or Zoom has named its cause. */
export function isTold(refusal: RefreshRefusal): boolean {
  return refusal.cause === 'SCOPES_CHANGED' || isLasting(refusal);
}

/** The error for a caller who needs a token that Zoom refuses to refresh, until `retryAt`. */
export function refusedError(refusal: RefreshRefusal | undefined, retryAt: Date): AppError {
  const { cause, zoomCode } = refusal ?? { cause: 'REFRESH_REFUSED' };
  const message =
    'Zoom refuses to renew the access to the account. The connection is kept, and will be tried again.';
  return new AppError('ZOOM_REFUSED', { message, reason: cause, retryAt, ...(zoomCode && { zoomCode }) });
}
