import { index, modelOptions, prop } from '@typegoose/typegoose';
import { DeviceInfo } from './device-info.js';
import { VersionedRow } from './schema-version.js';

/** How long an expired request is kept, so that a late callback can be distinguished from an unknown one. */
const KEPT_AFTER_EXPIRY_SECONDS = 3600;

/** A pending authorization. The start writes it, and the callback consumes it once. */
@modelOptions({ schemaOptions: { collection: 'authorizationrequests', versionKey: false } })
@index({ userId: 1 })
@index({ expiresAt: 1 }, { expireAfterSeconds: KEPT_AFTER_EXPIRY_SECONDS })
export class AuthorizationRequest extends VersionedRow {
  /** SHA-256 of the state, base64url. The state itself is stored nowhere. */
  @prop({ type: String, required: true })
  _id!: string;

  @prop({ type: String, required: true })
  userId!: string;

  /** Sealed (compact JWE). */
  @prop({ type: String, required: true })
  codeVerifier!: string;

  /** SHA-256 of the cookie that the browser got at the start, base64url. */
  @prop({ type: String, required: true })
  browserBinding!: string;

  @prop({ type: String, required: true })
  returnTo!: string;

  /** The requested scopes. Absent: those of the app's configuration. */
  @prop({ type: () => [String], default: undefined })
  scopes?: string[];

  @prop({ type: () => DeviceInfo, _id: false })
  deviceInfo?: DeviceInfo;

  /** The callback is accepted before this instant (UTC), whether or not the row is still there. */
  @prop({ type: Date, required: true })
  expiresAt!: Date;
}
