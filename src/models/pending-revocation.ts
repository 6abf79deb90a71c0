import { index, modelOptions, prop } from '@typegoose/typegoose';

/**
 * A grant that is to be revoked at Zoom: kept until Zoom has confirmed, then deleted together with the sealed tokens.
 * Written before the grant's own row changes; void while that row still stands at `grantGeneration`.
 */
@modelOptions({ schemaOptions: { collection: 'pendingrevocations', versionKey: false } })
@index({ dueAt: 1 })
@index({ userId: 1 })
export class PendingRevocation {
  @prop({ type: String, required: true })
  _id!: string;

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

  @prop({ type: Date, required: true })
  requestedAt!: Date;

  @prop({ type: Number, required: true })
  attempts!: number;

  /** When the next try is due (UTC). A worker moves it ahead before it tries. */
  @prop({ type: Date, required: true })
  dueAt!: Date;
}
