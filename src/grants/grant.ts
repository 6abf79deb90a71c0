import { type RefreshRefusal } from '../models/refresh-refusal.js';
import { type RecordedFailure, type RefreshBackoff, type RefreshContest } from '../models/refresh-state.js';
import { type DisconnectReason, type UserOAuthToken } from '../models/user-oauth-token.js';
import { type Sealed } from './token-cipher.js';

/** A stored grant as the rest of the program sees it. Tokens are sealed; all instants are UTC. */
export interface Grant {
  userId: string;
  isActive: boolean;
  isRevoked: boolean;
  reason?: DisconnectReason | undefined;
  since: Date;
  accessToken?: Sealed | undefined;
  refreshToken?: Sealed | undefined;
  accessTokenExpiry?: Date | undefined;
  refreshTokenIssuedAt?: Date | undefined;
  zoomUserId?: string | undefined;
  zoomEmail?: string | undefined;
  zoomAccountId?: string | undefined;
  zoomApiUrl?: string | undefined;
  grantedScopes: string[];
  authorizedAt: Date;
  lastUsedAt?: Date | undefined;
  lastRefreshAttempt?: Date | undefined;
  refreshErrorCount: number;
  refreshBackoff?: RefreshBackoff | undefined;
  /** Zoom refuses to refresh, in words that do not end the grant. */
  refreshRefusal?: RefreshRefusal | undefined;
  /** While an instance refreshes: until when nobody else may, by the database's clock. */
  leasedUntil?: Date | undefined;
  revokedAt?: Date | undefined;
  tokenVersion: number;
  refreshAttempt: number;
  grantGeneration: number;
  contest?: RefreshContest | undefined;
  /** The last failed refresh that the audit trail keeps. */
  recordedFailure?: RecordedFailure | undefined;
  /** When the redemption of a code began whose outcome is not stored: Zoom may have revoked the stored tokens. */
  unsettledAuthorization?: Date | undefined;
}

/** The stored row as a {@link Grant}. */
export function toGrant(row: UserOAuthToken): Grant {
  return {
    userId: row.userId,
    isActive: row.isActive,
    isRevoked: row.isRevoked,
    reason: row.reason,
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
    refreshBackoff: row.refreshBackoff,
    refreshRefusal: row.refreshRefusal,
    leasedUntil: row.refreshLease?.expiresAt,
    revokedAt: row.revokedAt,
    tokenVersion: row.tokenVersion,
    refreshAttempt: row.refreshAttempt,
    grantGeneration: row.grantGeneration,
    contest: row.contest,
    recordedFailure: row.recordedFailure,
    unsettledAuthorization: row.unsettledAuthorization,
  };
}
