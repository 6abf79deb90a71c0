import { type Grant } from '../../src/grants/grant.js';
import { type Sealed } from '../../src/grants/token-cipher.js';

/** The instant at which pure tests take place. */
export const NOW = new Date('2026-01-15T12:00:00.000Z');

/** `ms` after {@link NOW}; negative: before. */
export const at = (ms: number) => new Date(NOW.getTime() + ms);

/** A connected grant with half an hour left. */
export function someGrant(changes: Partial<Grant> = {}): Grant {
  return {
    userId: 'user-1',
    isActive: true,
    isRevoked: false,
    since: at(-86_400_000),
    accessToken: 'sealed-access-token' as Sealed,
    refreshToken: 'sealed-refresh-token' as Sealed,
    accessTokenExpiry: at(30 * 60_000),
    refreshTokenIssuedAt: at(-30 * 60_000),
    zoomUserId: 'zoom-user-1',
    grantedScopes: ['user:read:user', 'meeting:read:list_meetings'],
    authorizedAt: at(-86_400_000),
    refreshErrorCount: 0,
    tokenVersion: 7,
    refreshAttempt: 7,
    grantGeneration: 2,
    ...changes,
  };
}
