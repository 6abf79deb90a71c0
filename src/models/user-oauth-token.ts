import { index, modelOptions, prop, Severity } from '@typegoose/typegoose';
import { AuditFacts } from './audit-event.js';
import { DeviceInfo } from './device-info.js';

/** Who is refreshing right now, and until when nobody else should (UTC, the database's clock). */
export class RefreshLease {
  @prop({ type: String, required: true })
  owner!: string;

  /** Whose lease ran out before this one was taken. */
  @prop({ type: String })
  formerOwner?: string | null;

  @prop({ type: Date, required: true })
  expiresAt!: Date;
}

/** Why refreshes pause, and until when (UTC). */
export class RefreshBackoff {
  @prop({ type: String, required: true })
  code!: string;

  @prop({ type: Date, required: true })
  retryAt!: Date;
}

/**
 * The stored grant of one platform user: at most one row a user, and none before there are tokens.
 * `isActive`: connected. `isRevoked`: ended on purpose. Neither: the user has to authorize again.
 */
@modelOptions({
  schemaOptions: { collection: 'useroauthtokens', versionKey: false, _id: true, minimize: false },
  options: { allowMixed: Severity.ERROR },
})
@index({ userId: 1 }, { unique: true })
// Zoom keeps one live grant per app and Zoom user; so does the database.
@index(
  { zoomUserId: 1 },
  {
    // defence: one-grant-per-zoom-user
    unique: true,
    partialFilterExpression: { isActive: true, zoomUserId: { $exists: true } },
    name: 'zoomUserId_active',
  },
)
@index({ zoomUserId: 1, since: 1 }, { name: 'zoomUserId_since' })
@index({ isActive: 1, isRevoked: 1, userId: 1 })
@index({ isActive: 1, refreshTokenIssuedAt: 1 }, { name: 'keepAlive' })
@index({ 'unrecordedEvent.occurredAt': 1 }, { name: 'unrecordedEvent' })
export class UserOAuthToken {
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

  /** Base URL that Zoom named for this grant's API calls; only ever a host of zoom.us. */
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

  /** Why the grant ended, a value of `ZoomDisconnectReason`. */
  @prop({ type: String })
  reason?: string;

  /** When the status last changed (UTC). */
  @prop({ type: Date, required: true })
  since!: Date;

  @prop({ type: () => DeviceInfo, _id: false })
  deviceInfo?: DeviceInfo;

  /** Which refresh attempt wrote the tokens. A write lands only if its attempt is newer. */
  @prop({ type: Number, required: true })
  tokenVersion!: number;

  /** The number of the last refresh attempt that was let go ahead; each lease takes the next one. */
  @prop({ type: Number, required: true })
  refreshAttempt!: number;

  /** Raised by each authorization, revocation and takeover: what began under an older one never writes tokens. */
  @prop({ type: Number, required: true })
  grantGeneration!: number;

  @prop({ type: () => RefreshLease, _id: false })
  refreshLease?: RefreshLease;

  /** The first attempt at the stored refresh token whose outcome nobody recorded. */
  @prop({ type: Number })
  unsettledAttempt?: number;

  /**
   * Since when a code is being redeemed for this user (UTC). It stays when the process dies with the outcome: Zoom may
   * have killed the stored tokens.
   */
  @prop({ type: Date })
  unsettledAuthorization?: Date;

  @prop({ type: () => RefreshBackoff, _id: false })
  refreshBackoff?: RefreshBackoff;

  /** The last change of this row, until the audit trail is known to hold it. */
  @prop({ type: () => AuditFacts })
  unrecordedEvent?: AuditFacts;
}
