import { index, modelOptions, prop } from '@typegoose/typegoose';
import { OutboxEntry } from './outbox-entry.js';

/**
 * A grant that is to be revoked at Zoom. It is deleted, with its sealed tokens, once Zoom has confirmed. It is written
 * before the grant's own row changes, and is void while that row still has this `grantGeneration`.
 */
@modelOptions({ schemaOptions: { collection: 'pendingrevocations', versionKey: false } })
@index({ userId: 1 })
export class PendingRevocation extends OutboxEntry {
  @prop({ type: String, required: true })
  userId!: string;

  @prop({ type: Number, required: true })
  grantGeneration!: number;

  @prop({ type: String })
  zoomUserId?: string;

  /** Sealed (compact JWE). */
  @prop({ type: String, required: true })
  zoomAccessToken!: string;

  /** Sealed (compact JWE). */
  @prop({ type: String })
  zoomRefreshToken?: string;

  @prop({ type: Date, required: true })
  zoomAccessTokenExpiry!: Date;

  /** When the grant was ended here (UTC). */
  @prop({ type: Date, required: true })
  requestedAt!: Date;
}
