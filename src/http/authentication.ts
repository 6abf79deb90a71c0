import {
  createRemoteJWKSet,
  errors,
  importSPKI,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { z } from 'zod';
import { type Clock } from '../clock';
import { AppError } from '../errors';
import { type Caller } from '../graphql/caller';
import { type Secret } from '../secret';

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

/** The caller of an `Authorization` header. @throws AppError `UNAUTHENTICATED` */
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

const roles = z.union([z.string(), z.array(z.string())]).optional();
const claimsSchema = z.object({ sub: z.string().min(1).max(256), role: roles, roles });

/** Verifies bearer tokens: signature, issuer, audience, expiry (which must be there). */
export function createAuthenticate(settings: AuthenticationSettings, clock: Clock): Authenticate {
  const verify = verifier(settings.source);
  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (!token) throw new AppError('UNAUTHENTICATED');
    try {
      const claims = await verify(token, {
        issuer: settings.issuer,
        audience: settings.audience,
        currentDate: clock(),
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'sub'],
      });
      return callerOf(claims);
    } catch (cause) {
      throw unauthenticated(cause);
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
  const getKey: JWTVerifyGetKey =
    source.kind === 'jwks'
      ? createRemoteJWKSet(new URL(source.url))
      : async ({ alg }) => importSPKI(source.pem, alg ?? 'RS256');
  return async (token, options) =>
    (await jwtVerify(token, getKey, { ...options, algorithms: ASYMMETRIC })).payload;
}

function callerOf(claims: JWTPayload): Caller {
  const { sub, role, roles: many } = claimsSchema.parse(claims);
  const held = [role, many].flat();
  return {
    userId: sub,
    role: held.includes('admin') ? 'admin' : held.includes('service') ? 'service' : 'user',
  };
}

/** Says that a token has expired, since the client can do something about that; nothing more about any other. */
function unauthenticated(cause: unknown): AppError {
  const message = cause instanceof errors.JWTExpired ? 'The bearer token has expired.' : undefined;
  return new AppError('UNAUTHENTICATED', { message, cause });
}
