import { createPublicKey } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { type Caller } from '../graphql/caller.js';
import { type Clock } from '../lib/clock.js';
import { AppError } from '../lib/errors.js';
import { type Fetch } from '../lib/http-client.js';
import { ASYMMETRIC_ALGORITHMS, verificationAlgorithms } from '../lib/public-key.js';
import { type Secret } from '../lib/secret.js';
import { PublishedKeys } from './published-keys.js';
import { RefusedTokenError, refusalOf, type TokenRefusal } from './token-refusal.js';
import { callerOf, checkIssuedAt, CLOCK_TOLERANCE_SECONDS, isAcceptedType } from './token-rules.js';

/** One key of the platform, or the address of its published keys. */
export type KeySource =
  | { kind: 'jwks'; url: string }
  | { kind: 'publicKey'; pem: string }
  /** HS256, at least 32 bytes. */
  | { kind: 'secret'; secret: Secret };

/** How the platform's tokens are verified. A token is good if the key of one source verifies it. */
export interface AuthenticationSettings {
  sources: readonly KeySource[];
  issuer: string | undefined;
  audience: string | undefined;
  /** The type that the header `typ` must name; absent: the usual ones, see {@link isAcceptedType}. */
  type?: string | undefined;
}

/** What verification needs from outside. */
export interface AuthenticationDependencies {
  clock: Clock;
  /** Reads published keys. */
  fetch: Fetch;
  /** Called for each token that is refused; not for requests without one. */
  onRefused: (reason: TokenRefusal) => void;
  /** Called when published keys could not be read. */
  onKeysFailure: (error: unknown) => void;
}

/**
 * The caller of an `Authorization` header.
 * @throws AppError `UNAUTHENTICATED`; `AUTHENTICATION_UNAVAILABLE` when the platform's keys cannot be read
 */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>;

type Options = Parameters<typeof jwtVerify>[2];
/** Verifies tokens that are signed by one of these algorithms. */
interface Verifier {
  algorithms: readonly string[];
  verify: (token: string, options: Options) => Promise<JWTPayload>;
}

/**
 * Verifies bearer tokens (RFC 6750, RFC 7519, RFC 8725): signature, type, issuer, audience, expiry, which is required,
 * and times that lie in the future. There is no limit to a lifetime.
 */
export function createAuthenticate(
  settings: AuthenticationSettings,
  dependencies: AuthenticationDependencies,
): Authenticate {
  const verifiers = settings.sources.map((source) => verifierOf(source, dependencies));
  return async (authorization) => {
    if (!authorization) throw new AppError('UNAUTHENTICATED');
    try {
      return await callerOfToken(authorization, verifiers, settings, dependencies.clock());
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      dependencies.onRefused(refusalOf(cause));
      throw unauthenticated(cause);
    }
  };
}

async function callerOfToken(
  authorization: string,
  verifiers: readonly Verifier[],
  { issuer, audience, type }: AuthenticationSettings,
  now: Date,
): Promise<Caller> {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
  if (token === undefined) throw new RefusedTokenError('malformed');
  const { alg, typ } = headerOf(token);
  const fitting = verifiers.filter(({ algorithms }) => alg !== undefined && algorithms.includes(alg));
  if (fitting.length === 0) throw new RefusedTokenError('algorithm');
  const claims = await verifyByAny(fitting, token, {
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['exp', 'sub'],
    currentDate: now,
  });
  if (!isAcceptedType(typ, type)) throw new RefusedTokenError('type');
  checkIssuedAt(claims, now);
  return callerOf(claims);
}

function headerOf(token: string): ReturnType<typeof decodeProtectedHeader> {
  try {
    return decodeProtectedHeader(token);
  } catch {
    throw new RefusedTokenError('malformed');
  }
}

/** Tries one key after the other, until one has made the signature. */
async function verifyByAny(verifiers: readonly Verifier[], token: string, options: Options) {
  const failures: unknown[] = [];
  for (const { verify, algorithms } of verifiers) {
    try {
      return await verify(token, { ...options, algorithms: [...algorithms] });
    } catch (error) {
      if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) throw error;
      failures.push(error);
    }
  }
  // A key that could not be read may be the one. Else a wrong signature says more than a missing key.
  const isSignature = (error: unknown) => error instanceof errors.JWSSignatureVerificationFailed;
  throw failures.find((error) => error instanceof AppError) ?? failures.find(isSignature) ?? failures[0];
}

function verifierOf(
  source: KeySource,
  { clock, fetch, onKeysFailure }: AuthenticationDependencies,
): Verifier {
  switch (source.kind) {
    case 'secret': {
      const key = Buffer.from(source.secret.reveal(), 'utf8');
      return { algorithms: ['HS256'], verify: async (...token) => payloadOf(...token, () => key) };
    }
    case 'publicKey': {
      // Parsed once: jose caches what it derives from the object.
      const key = createPublicKey(source.pem);
      return {
        algorithms: verificationAlgorithms(key),
        verify: async (...token) => payloadOf(...token, () => key),
      };
    }
    case 'jwks': {
      const keys = new PublishedKeys({ url: source.url, fetch, clock, onFailure: onKeysFailure });
      // A wrong address is in the log at the start, before the first caller comes.
      void keys.read();
      return {
        algorithms: ASYMMETRIC_ALGORITHMS,
        verify: async (...token) => payloadOf(...token, (...header) => keys.find(...header)),
      };
    }
  }
}

/** Where several keys fit, because the token names none, each of them is tried. */
async function payloadOf(token: string, options: Options, getKey: JWTVerifyGetKey): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, getKey, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** Tells the client only whether the token has expired, because it can then get a new one. */
function unauthenticated(cause: unknown): AppError {
  const message = cause instanceof errors.JWTExpired ? 'The bearer token has expired.' : undefined;
  return new AppError('UNAUTHENTICATED', { message, cause });
}
