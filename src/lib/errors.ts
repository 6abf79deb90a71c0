/**
 * The closed set of codes that a client can meet in `extensions.code`, each with the message used when
 * nothing more precise is known and the HTTP status a REST answer would carry.
 */
export const ERROR_CODES = {
  UNAUTHENTICATED: { httpStatus: 401, message: 'Send a valid bearer token in the Authorization header.' },
  FORBIDDEN: { httpStatus: 403, message: 'The caller may not do this.' },
  BAD_USER_INPUT: { httpStatus: 400, message: 'The request is not valid.' },
  RATE_LIMITED: { httpStatus: 429, message: 'Too many requests. Try again after retryAt.' },
  ZOOM_NOT_CONNECTED: { httpStatus: 409, message: 'No Zoom account is connected.' },
  ZOOM_REAUTHORIZATION_REQUIRED: {
    httpStatus: 409,
    message: 'The connection to Zoom has ended. Connect again.',
  },
  ZOOM_SCOPE_MISSING: {
    httpStatus: 409,
    message: 'The user has not granted a scope that this operation needs.',
  },
  ZOOM_RATE_LIMITED: { httpStatus: 503, message: 'Zoom asks to slow down. Try again after retryAt.' },
  ZOOM_UNAVAILABLE: {
    httpStatus: 503,
    message: 'Zoom cannot be reached at the moment. The connection is untouched.',
  },
  ZOOM_NOT_FOUND: { httpStatus: 404, message: 'Zoom does not know this object.' },
  ZOOM_PLAN_REQUIRED: {
    httpStatus: 409,
    message: "The user's Zoom plan or account settings do not allow this.",
  },
  ZOOM_APP_MISCONFIGURED: {
    httpStatus: 503,
    message: "Zoom refuses this server's app credentials. The operator has to act; no connection is lost.",
  },
  INTERNAL_SERVER_ERROR: { httpStatus: 500, message: 'Something went wrong on our side.' },
} as const;

/** A code of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What a client may learn beside the code and the message. Never a token, a header or a rejected value. */
export interface ErrorDetails {
  /** When another try can succeed (UTC). */
  retryAt?: Date | undefined;
  /** Scopes the user would have to grant, in Zoom's granular spelling. */
  missingScopes?: string[] | undefined;
  /** Why the connection ended, a value of `ZoomDisconnectReason`. */
  reason?: string;
  /** The GraphQL argument at fault. */
  argument?: string;
  /** Zoom's `x-zm-trackingid` of the failed call, for support tickets. */
  zoomTrackingId?: string | undefined;
  /** No answer came, so what was asked for may have been done all the same: look before asking again. */
  outcomeUnknown?: true;
}

/** The only error that reaches a client with its own message. Everything else is masked. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly details: ErrorDetails;

  constructor(
    readonly code: ErrorCode,
    { message, cause, ...details }: ErrorDetails & { message?: string; cause?: unknown } = {},
  ) {
    super(message ?? ERROR_CODES[code].message, cause === undefined ? undefined : { cause });
    this.details = details;
  }
}

/** A `BAD_USER_INPUT` that names the argument at fault. */
export function badUserInput(argument: string, message: string, cause?: unknown): AppError {
  return new AppError('BAD_USER_INPUT', { argument, message: `${argument}: ${message}`, cause });
}
