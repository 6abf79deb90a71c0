import { errors } from 'jose';
import { LogLimit } from '../lib/log-limit.js';
import { type Clock } from '../lib/clock.js';
import { type Logger } from '../lib/logger.js';

/** Why a bearer token of the platform is refused, as metrics and the log name it. */
export const TOKEN_REFUSALS = [
  /** No JWT, or one that breaks RFC 7515 or RFC 7519. */
  'malformed',
  /** Signed by an algorithm for which no key is configured. */
  'algorithm',
  /** No known key has its `kid`, or that key cannot verify it. */
  'key',
  'signature',
  'expired',
  /** `nbf` or `iat` lies in the future. */
  'not_yet_valid',
  'issuer',
  'audience',
  /** The header `typ` names another kind of token. */
  'type',
  /** `sub` is missing or no user id. */
  'subject',
  /** `exp` is missing, or a claim is of a wrong type. */
  'claims',
] as const;
export type TokenRefusal = (typeof TOKEN_REFUSALS)[number];

/** A token that breaks a rule of our own. */
export class RefusedTokenError extends Error {
  override readonly name = 'RefusedTokenError';

  constructor(readonly reason: TokenRefusal) {
    super(`token refused: ${reason}`);
  }
}

const REFUSED_CLAIMS: Readonly<Record<string, TokenRefusal>> = {
  iss: 'issuer',
  aud: 'audience',
  nbf: 'not_yet_valid',
  sub: 'subject',
};

/** The class of an error of the verification. Nothing of the token is in it. */
export function refusalOf(error: unknown): TokenRefusal {
  if (error instanceof RefusedTokenError) return error.reason;
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return REFUSED_CLAIMS[error.claim] ?? 'claims';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return 'algorithm';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'malformed';
  return 'key';
}

const LOG_EVERY_MS = 10_000;

/**
 * Counts every refused token, and logs one line for each reason in ten seconds, with the number of tokens it stands for.
 * Neither the token nor a claim is logged.
 */
export function createRefusalReport({
  logger,
  clock,
  count,
}: {
  logger: Logger;
  clock: Clock;
  count: (reason: TokenRefusal) => void;
}): (reason: TokenRefusal) => void {
  const limit = new LogLimit(LOG_EVERY_MS);
  return (reason) => {
    count(reason);
    const tokens = limit.take(reason, clock());
    // Every token expires: that alone is no sign of trouble.
    const level = reason === 'expired' ? 'info' : 'warn';
    if (tokens !== undefined) logger[level]({ reason, tokens }, 'platform token refused');
  };
}
