import { defined } from '../../lib/defined.js';
import { type DeviceInfo } from '../../models/device-info.js';
import { type Sealed } from '../token-cipher.js';
import { UNSET_AT_END, ZOOM_IDENTITY } from './end-of-grant.js';

/** What an authorization gives: the tokens, whose they are at Zoom, and from which device they were requested. */
export interface NewGrant {
  userId: string;
  accessToken: Sealed;
  refreshToken?: Sealed | undefined;
  accessTokenExpiry: Date;
  zoomUserId?: string | undefined;
  zoomEmail?: string | undefined;
  zoomAccountId?: string | undefined;
  zoomApiUrl?: string | undefined;
  grantedScopes: string[];
  deviceInfo?: DeviceInfo | undefined;
}

/** What a former grant of the same user leaves behind and a new one must not inherit. */
export const UNSET_AT_BEGIN = [
  ...UNSET_AT_END,
  ...ZOOM_IDENTITY,
  'reason',
  'revokedAt',
  'lastRefreshAttempt',
  'lastUsedAt',
  'deviceInfo',
];

/** The fields of a row that is connected by this authorization, as of `now`. */
export function connectedFields(grant: NewGrant, now: Date): object {
  const { accessToken, refreshToken, accessTokenExpiry, ...rest } = grant;
  return defined({
    ...begunFields(rest, now),
    ...rest,
    zoomAccessToken: accessToken,
    zoomAccessTokenExpiry: accessTokenExpiry,
    zoomRefreshToken: refreshToken,
    refreshTokenIssuedAt: refreshToken && now,
    isActive: true,
  });
}

/** The fields of a row whose authorization was replaced at Zoom by that of another user before it was stored. */
export function supersededFields(grant: NewGrant, now: Date): object {
  const { zoomUserId, zoomEmail, zoomAccountId } = grant;
  const ended = { zoomUserId, zoomEmail, zoomAccountId, isActive: false, reason: 'SUPERSEDED' };
  return defined({ ...begunFields(grant, now), ...ended });
}

function begunFields({ userId, grantedScopes }: Pick<NewGrant, 'userId' | 'grantedScopes'>, now: Date) {
  return { userId, grantedScopes, authorizedAt: now, since: now, isRevoked: false, refreshErrorCount: 0 };
}

/** In a pipeline a string that begins with `$` is a path. `$literal` keeps what users typed as it is. */
export function literals(fields: object): Record<string, { $literal: unknown }> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, { $literal: value as unknown }]),
  );
}
