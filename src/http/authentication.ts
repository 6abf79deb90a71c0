import { createPublicKey } from 'node:crypto';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { type Clock } from '../lib/clock.js';
import { AppError } from '../lib/errors.js';
import { type Caller } from '../graphql/caller.js';
import { type Secret } from '../lib/secret.js';

/** How the platform's tokens are verified: exactly one source of keys. */
export interface AuthenticationSettings {
  source:
    | { kind: 'jwks'; url: string }
    | { kind: 'publicKey'; pem: string }
    /** HS256, at least 32 bytes. */
    | { kind: 'secret'; secret: Secret };
  issuer: string | undefined;
  audience: string | undefined;
}

/** The caller of an `Authorization` header. @throws AppError `UNAUTHENTICATED`; Error when the keys cannot be read */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>;

const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_SECONDS = 5;

/** The errors of a key lookup that are the token's fault. */
const TOKEN_FAULTS = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

/** The platform's keys cannot be read. That is no fault of the token. */
class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';

  constructor(cause: unknown) {
    super('the keys at AUTH_JWKS_URL cannot be read', { cause });
  }
}

const roles = z.union([z.string(), z.array(z.string())]).optional();
const claimsSchema = z.object({ sub: z.string().min(1).max(256), role: roles, roles });

/** Verifies bearer tokens: signature, issuer, audience, and expiry, which is required. */
export function createAuthenticate(settings: AuthenticationSettings, clock: Clock): Authenticate {
  const { issuer, audience } = settings;
  const expected = {
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['exp', 'sub'],
  };
  const verify = verifier(settings.source);
  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (!token) throw new AppError('UNAUTHENTICATED');
    try {
      return callerOf(await verify(token, { ...expected, currentDate: clock() }));
    } catch (cause) {
      throw cause instanceof KeysUnavailableError ? cause : unauthenticated(cause);
    }
  };
}

type Verify = (token: string, options: Parameters<typeof jwtVerify>[2]) => Promise<JWTPayload>;

function verifier(source: AuthenticationSettings['source']): Verify {
  if (source.kind === 'secret') {
    const key = Buffer.from(source.secret.reveal(), 'utf8');
    return async (token, options) =>
      (await jwtVerify(token, key, { ...options, algorithms: ['HS256'] })).payload;
  }
  const getKey = source.kind === 'jwks' ? remoteKeys(source.url) : ownKey(source.pem);
  return async (token, options) =>
    (await jwtVerify(token, getKey, { ...options, algorithms: ASYMMETRIC })).payload;
}

/** A key object is parsed once: jose caches what it derives from it. */
function ownKey(pem: string): JWTVerifyGetKey {
  const key = createPublicKey(pem);
  return () => key;
}

/** The platform's published keys, cached by jose. @throws KeysUnavailableError when the token is not at fault */
function remoteKeys(url: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url));
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (cause) {
      throw TOKEN_FAULTS.some((fault) => cause instanceof fault) ? cause : new KeysUnavailableError(cause);
    }
  };
}

function callerOf(claims: JWTPayload): Caller {
  const { sub, role, roles: many } = claimsSchema.parse(claims);
  const held = [role, many].flat();
  return {
    userId: sub,
    role: held.includes('admin') ? 'admin' : held.includes('service') ? 'service' : 'user',
  };
}

/** Tells the client only whether the token has expired, because it can then get a new one. */
function unauthenticated(cause: unknown): AppError {
  const message = cause instanceof errors.JWTExpired ? 'The bearer token has expired.' : undefined;
  return new AppError('UNAUTHENTICATED', { message, cause });
}
