import { type JWTPayload } from 'jose';
import { z } from 'zod';
import { type Caller } from '../graphql/caller.js';
import { isUserId } from '../lib/user-id.js';
import { RefusedTokenError } from './token-refusal.js';

/** How far the clock of the platform may be ahead of ours, or behind it. */
export const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * How far `iat` may lie in the future. It is no condition for validity (RFC 7519 §4.1.6), and a clock that is off by
 * minutes must not shut everybody out; a token of tomorrow shows that something is wrong with whoever signs.
 */
const ISSUED_AT_TOLERANCE_SECONDS = 5 * 60;

/** What a token without a demanded type may call itself (RFC 7519 §5.1, RFC 9068 §2.1). */
const USUAL_TYPES = new Set(['jwt', 'at+jwt']);

/**
 * Whether the header `typ` is that of a token for an API. Without a `demanded` type it may be absent, `JWT` or `at+jwt`;
 * tokens for another purpose name another type (RFC 8725 §3.11): `logout+jwt`, `secevent+jwt`, `dpop+jwt`. Types are
 * compared without regard to case, and `application/` may be left out (RFC 7515 §4.1.9).
 */
export function isAcceptedType(typ: unknown, demanded: string | undefined): boolean {
  if (typ === undefined) return demanded === undefined;
  if (typeof typ !== 'string') return false;
  return demanded === undefined ? USUAL_TYPES.has(shortType(typ)) : shortType(typ) === shortType(demanded);
}

const shortType = (type: string) => type.toLowerCase().replace(/^application\/(?=[^/]*$)/, '');

/** Whether the claim `iat` allows the token: absent, or not far in the future. @throws RefusedTokenError */
export function checkIssuedAt({ iat }: JWTPayload, now: Date): void {
  if (iat === undefined) return;
  if (typeof iat !== 'number' || !Number.isFinite(iat)) throw new RefusedTokenError('claims');
  if (iat > now.getTime() / 1000 + ISSUED_AT_TOLERANCE_SECONDS) throw new RefusedTokenError('not_yet_valid');
}

const roles = z.union([z.string(), z.array(z.string())]).nullish();
const roleClaims = z.object({ role: roles, roles });

/**
 * The caller that verified claims name. `role` and `roles` may be absent or null, which identity providers send for no
 * role; an unknown role is none.
 * @throws RefusedTokenError
 */
export function callerOf(claims: JWTPayload): Caller {
  const { sub } = claims;
  if (typeof sub !== 'string' || !isUserId(sub)) throw new RefusedTokenError('subject');
  const parsed = roleClaims.safeParse(claims);
  if (!parsed.success) throw new RefusedTokenError('claims');
  const held = [parsed.data.role, parsed.data.roles].flat();
  return {
    userId: sub,
    role: held.includes('admin') ? 'admin' : held.includes('service') ? 'service' : 'user',
  };
}
