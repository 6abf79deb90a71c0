import { index, modelOptions, prop, Severity } from '@typegoose/typegoose';
import { AuditEvent } from './audit-event.js';
import { DeviceInfo } from './device-info.js';
import { GRANTS_COLLECTION } from './own-grant.js';
import { RefreshRefusal } from './refresh-refusal.js';
import { RecordedFailure, RefreshBackoff, RefreshContest, RefreshLease } from './refresh-state.js';
import { SCHEMA_VERSION, VersionedRow } from './schema-version.js';

/** Why a connection has ended, or cannot be used. */
export const DISCONNECT_REASONS = [
  'REVOKED_BY_USER',
  'DEAUTHORIZED_AT_ZOOM',
  'REFRESH_TOKEN_REJECTED',
  'REFRESH_TOKEN_EXPIRED',
  'ROTATION_LOST',
  'BACKUP_RESTORED',
  'SUPERSEDED',
  'NO_REFRESH_TOKEN',
  'SCOPES_CHANGED',
  'REFRESH_REFUSED',
] as const;

export type DisconnectReason = (typeof DISCONNECT_REASONS)[number];

/**
 * The stored grant of one platform user: at most one row a user, and none before there are tokens.
 * `isActive`: connected. `isRevoked`: ended by the user or at Zoom. Neither: the user has to authorize again.
 */
@modelOptions({
  schemaOptions: { collection: GRANTS_COLLECTION, versionKey: false, _id: true, minimize: false },
  options: { allowMixed: Severity.ERROR },
})
@index({ userId: 1, schemaVersion: 1 }, { name: 'userId_version' })
// The unique indexes hold the rows of this version alone, so that rows of others are in the way of nobody. A row without
// a version gets it with the next write that could break the rule.
@index(
  { schemaVersion: 1, userId: 1 },
  { unique: true, partialFilterExpression: { schemaVersion: SCHEMA_VERSION }, name: 'userId_unique' },
)
// Zoom keeps one live grant per app and Zoom user; so does the database.
@index(
  { schemaVersion: 1, zoomUserId: 1 },
  {
    // defence: one-grant-per-zoom-user
    unique: true,
    partialFilterExpression: {
      schemaVersion: SCHEMA_VERSION,
      isActive: true,
      zoomUserId: { $exists: true },
    },
    name: 'activeZoomUserId_unique',
  },
)
@index({ zoomUserId: 1, since: 1 }, { name: 'zoomUserId_since' })
@index({ isActive: 1, isRevoked: 1, userId: 1 })
@index({ isActive: 1, refreshTokenIssuedAt: 1 }, { name: 'keepAlive' })
@index({ outboxSince: 1 }, { name: 'outbox' })
@index({ 'contest.settleAt': 1 }, { name: 'contest' })
@index({ 'refreshRefusal.latest': 1 }, { name: 'refusal' })
// For support: whose status has changed since an instant, and for which reason.
@index({ since: 1, userId: 1 }, { name: 'since' })
@index(
  { reason: 1, since: 1, userId: 1 },
  { name: 'reason_since', partialFilterExpression: { reason: { $exists: true } } },
)
@index(
  { 'refreshRefusal.cause': 1, 'refreshRefusal.since': 1, userId: 1 },
  { name: 'refusal_since', partialFilterExpression: { 'refreshRefusal.cause': { $exists: true } } },
)
export class UserOAuthToken extends VersionedRow {
  @prop({ type: String, required: true })
  userId!: string;

  /** Sealed (compact JWE); absent once the grant has ended. */
  @prop({ type: String })
  zoomAccessToken?: string;

  /** Sealed (compact JWE); absent once the grant has ended. */
  @prop({ type: String })
  zoomRefreshToken?: string;

  @prop({ type: Date })
  zoomAccessTokenExpiry?: Date;

  @prop({ type: String })
  zoomUserId?: string;

  @prop({ type: String })
  zoomEmail?: string;

  @prop({ type: String })
  zoomAccountId?: string;

  /** The base URL that Zoom named for the API calls of this grant: a host of zoom.us. */
  @prop({ type: String })
  zoomApiUrl?: string;

  @prop({ type: () => [String], required: true })
  grantedScopes!: string[];

  @prop({ type: Date, required: true })
  authorizedAt!: Date;

  @prop({ type: Date })
  refreshTokenIssuedAt?: Date;

  @prop({ type: Date })
  lastRefreshAttempt?: Date;

  @prop({ type: Number, required: true })
  refreshErrorCount!: number;

  @prop({ type: Date })
  lastUsedAt?: Date;

  @prop({ type: Boolean, required: true })
  isActive!: boolean;

  @prop({ type: Boolean, required: true })
  isRevoked!: boolean;

  @prop({ type: Date })
  revokedAt?: Date;

  /** Why the grant ended. */
  @prop({ type: String, enum: DISCONNECT_REASONS })
  reason?: DisconnectReason;

  /** When the status last changed (UTC). */
  @prop({ type: Date, required: true })
  since!: Date;

  @prop({ type: () => DeviceInfo, _id: false })
  deviceInfo?: DeviceInfo;

  /** The fencing token of the attempt that wrote the tokens. A write succeeds only if its own is higher. */
  @prop({ type: Number, required: true })
  tokenVersion!: number;

  /** The last fencing token that was handed out. Each lease takes the next one. */
  @prop({ type: Number, required: true })
  refreshAttempt!: number;

  /** Raised by each authorization, revocation and supersession. A refresh that began under a lower one never stores tokens. */
  @prop({ type: Number, required: true })
  grantGeneration!: number;

  @prop({ type: () => RefreshLease, _id: false })
  refreshLease?: RefreshLease;

  /** The first attempt at the stored refresh token whose outcome is not recorded. */
  @prop({ type: Number })
  unsettledAttempt?: number;

  @prop({ type: () => RefreshContest, _id: false })
  contest?: RefreshContest;

  /**
   * Set just before an authorization code is redeemed, and removed once its outcome is stored (UTC). If it is still
   * here later, a process died in between, and Zoom may have revoked the stored tokens.
   */
  @prop({ type: Date })
  unsettledAuthorization?: Date;

  @prop({ type: () => RefreshBackoff, _id: false })
  refreshBackoff?: RefreshBackoff;

  @prop({ type: () => RefreshRefusal, _id: false })
  refreshRefusal?: RefreshRefusal;

  /** Absent while refreshes succeed. */
  @prop({ type: () => RecordedFailure, _id: false })
  recordedFailure?: RecordedFailure;

  /** The events of this row's changes, the oldest first, until the audit trail holds them (transactional outbox). */
  @prop({ type: () => [AuditEvent], default: undefined })
  outbox?: AuditEvent[];

  /** When an event was added to the empty outbox (UTC); absent while it is empty. */
  @prop({ type: Date })
  outboxSince?: Date;
}
