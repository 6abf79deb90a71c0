import { type AuditFacts } from '../models/audit-event.js';
import { type UserOAuthToken } from '../models/user-oauth-token.js';
import { type Sealed } from './token-cipher.js';

/** Why a connection is no longer one. */
export const DISCONNECT_REASONS = [
  'REVOKED_BY_USER',
  'DEAUTHORIZED_AT_ZOOM',
  'REFRESH_TOKEN_REJECTED',
  'REFRESH_TOKEN_EXPIRED',
  'ROTATION_LOST',
  'SUPERSEDED',
  'SCOPES_CHANGED',
] as const;

/** A value of {@link DISCONNECT_REASONS}. */
export type DisconnectReason = (typeof DISCONNECT_REASONS)[number];

/** Codes of a refresh that failed for now and is tried again. */
export type TransientCode = 'ZOOM_UNAVAILABLE' | 'ZOOM_RATE_LIMITED' | 'ZOOM_APP_MISCONFIGURED';

/** A stored grant as the rest of the program sees it. Tokens are sealed; all instants are UTC. */
export interface Grant {
  userId: string;
  isActive: boolean;
  isRevoked: boolean;
  reason?: DisconnectReason;
  since: Date;
  accessToken?: Sealed;
  refreshToken?: Sealed;
  accessTokenExpiry?: Date;
  refreshTokenIssuedAt?: Date;
  zoomUserId?: string;
  zoomEmail?: string;
  zoomAccountId?: string;
  zoomApiUrl?: string;
  grantedScopes: string[];
  authorizedAt: Date;
  lastUsedAt?: Date;
  lastRefreshAttempt?: Date;
  refreshErrorCount: number;
  refreshBackoff?: { code: TransientCode; retryAt: Date };
  /** While an instance refreshes: until when nobody else should, by the database's clock. */
  leasedUntil?: Date;
  revokedAt?: Date;
  tokenVersion: number;
  refreshAttempt: number;
  grantGeneration: number;
  /** Since when a code is being redeemed, or was when its process died: Zoom may have killed the stored tokens. */
  unsettledAuthorization?: Date;
  /** The last change, while the audit trail may not hold it yet. */
  unrecordedEvent?: AuditFacts;
}

/** The stored row as a {@link Grant}. */
export function toGrant(row: UserOAuthToken): Grant {
  return {
    userId: row.userId,
    isActive: row.isActive,
    isRevoked: row.isRevoked,
    reason: row.reason as DisconnectReason | undefined,
    since: row.since,
    accessToken: row.zoomAccessToken as Sealed | undefined,
    refreshToken: row.zoomRefreshToken as Sealed | undefined,
    accessTokenExpiry: row.zoomAccessTokenExpiry,
    refreshTokenIssuedAt: row.refreshTokenIssuedAt,
    zoomUserId: row.zoomUserId,
    zoomEmail: row.zoomEmail,
    zoomAccountId: row.zoomAccountId,
    zoomApiUrl: row.zoomApiUrl,
    grantedScopes: row.grantedScopes,
    authorizedAt: row.authorizedAt,
    lastUsedAt: row.lastUsedAt,
    lastRefreshAttempt: row.lastRefreshAttempt,
    refreshErrorCount: row.refreshErrorCount,
    refreshBackoff: row.refreshBackoff && {
      code: row.refreshBackoff.code as TransientCode,
      retryAt: row.refreshBackoff.retryAt,
    },
    leasedUntil: row.refreshLease?.expiresAt,
    revokedAt: row.revokedAt,
    tokenVersion: row.tokenVersion,
    refreshAttempt: row.refreshAttempt,
    grantGeneration: row.grantGeneration,
    unsettledAuthorization: row.unsettledAuthorization,
    unrecordedEvent: row.unrecordedEvent,
  };
}
