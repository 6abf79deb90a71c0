import { AppError } from '../../lib/errors.js';
import { type ApiFailure } from './api-failure.js';
import { mayHaveActed } from './api-retry-policy.js';

/** A call that failed. */
export interface FailedCall {
  method: string;
  path: string;
  zoomTrackingId: string | undefined;
}

/**
 * The error that a user gets for a failed call. It never holds Zoom's own message, which may contain ids or addresses.
 * If the call may have changed something although its answer was lost, the error says so (`outcomeUnknown`).
 */
export function toAppError(failure: ApiFailure, { method, zoomTrackingId }: Omit<FailedCall, 'path'>): Error {
  switch (failure.kind) {
    case 'token_rejected':
      return new AppError('ZOOM_UNAVAILABLE', { zoomTrackingId });
    case 'scope_missing':
      return new AppError('ZOOM_SCOPE_MISSING', { missingScopes: failure.scopes, zoomTrackingId });
    case 'not_found':
      return new AppError('ZOOM_NOT_FOUND', { zoomTrackingId });
    case 'plan_required':
      return new AppError('ZOOM_PLAN_REQUIRED', { zoomTrackingId });
    case 'invalid_request':
      return new AppError('BAD_USER_INPUT', {
        message: 'Zoom does not accept these values.',
        zoomTrackingId,
      });
    case 'rate_limited':
      return new AppError('ZOOM_RATE_LIMITED', { retryAt: failure.retryAt, zoomTrackingId });
    case 'unavailable':
      return new AppError('ZOOM_UNAVAILABLE', {
        retryAt: failure.retryAt,
        zoomTrackingId,
        ...(method !== 'GET' && mayHaveActed(failure) && { outcomeUnknown: true as const }),
      });
    case 'unexpected':
      return new Error(`unexpected answer from Zoom: HTTP ${failure.status}, code ${failure.code ?? 'none'}`);
  }
}
