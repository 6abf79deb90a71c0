import { AppError, type ErrorCode, type ErrorDetails } from '../../lib/errors.js';
import { type ApiFailure } from './api-failure.js';
import { mayHaveActed } from './api-retry-policy.js';

/** A call that failed. */
export interface FailedCall {
  method: string;
  path: string;
  zoomTrackingId: string | undefined;
  /** The name that the API gives to a field of the request body; undefined: it has no name of its own. */
  argumentOf?: ((field: string) => string | undefined) | undefined;
}

/** The code of each failure that has one code only. */
const CODES = {
  scope_missing: 'ZOOM_SCOPE_MISSING',
  not_found: 'ZOOM_NOT_FOUND',
  plan_required: 'ZOOM_PLAN_REQUIRED',
  not_allowed: 'ZOOM_NOT_ALLOWED',
  conflict: 'ZOOM_CONFLICT',
  invalid_request: 'BAD_USER_INPUT',
  refused: 'ZOOM_REFUSED',
  rate_limited: 'ZOOM_RATE_LIMITED',
  unavailable: 'ZOOM_UNAVAILABLE',
} as const satisfies Record<Exclude<ApiFailure['kind'], 'token_rejected'>, ErrorCode>;

/**
 * The error that a user gets for a failed call. It never holds Zoom's own message, which may contain ids or addresses.
 * If the call may have changed something although its answer was lost, the error says so (`outcomeUnknown`).
 */
export function toAppError(failure: ApiFailure, call: Omit<FailedCall, 'path'>): AppError {
  // Zoom has refused a fresh token in the same way, so the token is not the reason.
  if (failure.kind === 'token_rejected') return toAppError(failure.otherwise, call);
  const { zoomTrackingId } = call;
  return new AppError(CODES[failure.kind], {
    zoomCode: failure.code,
    zoomTrackingId,
    ...detailsOf(failure, call),
  });
}

function detailsOf(
  failure: Exclude<ApiFailure, { kind: 'token_rejected' }>,
  { method, argumentOf }: Omit<FailedCall, 'path'>,
): ErrorDetails & { message?: string } {
  switch (failure.kind) {
    case 'scope_missing':
      return { missingScopes: failure.scopes };
    case 'rate_limited':
      return { retryAt: failure.retryAt };
    case 'unavailable':
      return {
        retryAt: failure.retryAt,
        ...(method !== 'GET' && mayHaveActed(failure) && { outcomeUnknown: true as const }),
      };
    case 'invalid_request':
      return refusedValues(failure.fields, argumentOf);
    default:
      return {};
  }
}

function refusedValues(
  fields: readonly string[],
  argumentOf: FailedCall['argumentOf'],
): ErrorDetails & { message: string } {
  const [argument] = fields.flatMap((field) => argumentOf?.(field) ?? []);
  if (argument === undefined) return { message: 'Zoom does not accept these values.' };
  return { argument, message: `${argument}: Zoom does not accept this value.` };
}
