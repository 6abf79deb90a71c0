/** A refusal of the token or revocation endpoint; Zoom says `reason` where RFC 6749 §5.2 says `error_description`. */
export class OAuthError extends Error {
  constructor(
    readonly reason: string,
    readonly error: string,
    readonly status = 400,
  ) {
    super(reason);
  }
}

/** The one answer to a refresh token that is rotated, revoked, expired or unknown. */
export function invalidToken(): OAuthError {
  return new OAuthError('Invalid Token!', 'invalid_grant');
}
