/**
 * The closed set of codes that a client can meet in `extensions.code`, each with the message that is used when nothing
 * more precise is known.
 */
export const ERROR_CODES = {
  UNAUTHENTICATED: 'Send a valid bearer token in the Authorization header.',
  AUTHENTICATION_UNAVAILABLE:
    'The keys that verify bearer tokens cannot be read at the moment. Try again after retryAt; the token may be good.',
  FORBIDDEN: 'The caller may not do this.',
  BAD_USER_INPUT: 'The request is not valid.',
  RATE_LIMITED: 'Too many requests. Try again after retryAt.',
  ZOOM_NOT_CONNECTED: 'No Zoom account is connected.',
  ZOOM_REAUTHORIZATION_REQUIRED: 'The connection to Zoom has ended. Connect again.',
  ZOOM_SCOPE_MISSING: 'The user has not granted a scope that this operation needs.',
  ZOOM_RATE_LIMITED: 'Zoom asks to slow down. Try again after retryAt.',
  ZOOM_UNAVAILABLE: 'Zoom cannot be reached at the moment. The connection is untouched.',
  ZOOM_NOT_FOUND: 'Zoom does not know this object.',
  ZOOM_PLAN_REQUIRED: "The user's Zoom plan or account settings do not allow this.",
  ZOOM_NOT_ALLOWED: 'Zoom does not allow this user to do this.',
  ZOOM_CONFLICT: 'The meeting is not in a state that allows this, for example because it is in progress.',
  ZOOM_REFUSED: 'Zoom refuses this request. Zoom has changed nothing.',
  ZOOM_APP_MISCONFIGURED:
    "Zoom refuses this server's app credentials. The operator has to act; no connection is lost.",
  TIMEOUT: 'The operation took longer than this server waits. It may have done what was asked for.',
  INTERNAL_SERVER_ERROR: 'Something went wrong on our side.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** What a client may learn beside the code and the message. Never a token, a header or a rejected value. */
export interface ErrorDetails {
  /** When another try can succeed (UTC). */
  retryAt?: Date | undefined;
  /** Scopes that the user would have to grant, in Zoom's granular spelling. */
  missingScopes?: string[] | undefined;
  /** Why the connection ended: a value of `ZoomDisconnectReason`. */
  reason?: string | undefined;
  /** The GraphQL argument at fault. */
  argument?: string | undefined;
  /** Zoom's own code for a refusal (docs/zoom-protocol.md §5.6), for support tickets. */
  zoomCode?: number | undefined;
  /** Zoom's `x-zm-trackingid` of the failed call, for support tickets. */
  zoomTrackingId?: string | undefined;
  /** Zoom did not answer, and may have done what was asked for. Look before you ask again. */
  outcomeUnknown?: true | undefined;
}

/** The only error that reaches a client with its own message. Everything else is masked. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly details: ErrorDetails;

  constructor(
    readonly code: ErrorCode,
    { message, cause, ...details }: ErrorDetails & { message?: string | undefined; cause?: unknown } = {},
  ) {
    super(message ?? ERROR_CODES[code], cause === undefined ? undefined : { cause });
    this.details = details;
  }
}

/** A `BAD_USER_INPUT` that names the argument at fault. */
export function badUserInput(argument: string, message: string, cause?: unknown): AppError {
  return new AppError('BAD_USER_INPUT', { argument, message: `${argument}: ${message}`, cause });
}
