import { index, modelOptions, prop } from '@typegoose/typegoose';

/** One creation under an idempotency key: written before Zoom is called, so that no key is ever used twice. */
@modelOptions({ schemaOptions: { collection: 'meetingcreations', versionKey: false } })
@index({ userId: 1, key: 1 }, { unique: true })
@index({ expiresAt: 1 }, { expireAfterSeconds: 0 })
export class MeetingCreation {
  /** The attempt that holds the key. */
  @prop({ type: String, required: true })
  _id!: string;

  @prop({ type: String, required: true })
  userId!: string;

  @prop({ type: String, required: true })
  key!: string;

  /** SHA-256 of what was asked for, base64url. */
  @prop({ type: String, required: true })
  fingerprint!: string;

  /** `in_progress`, `done`, or `unknown`: the answer was lost, so there may be a meeting. */
  @prop({ type: String, required: true })
  state!: string;

  /** An attempt that is in progress after this instant (UTC) has died. */
  @prop({ type: Date, required: true })
  presumedDeadAt!: Date;

  @prop({ type: String })
  meetingId?: string;

  /** `USER`, `APP` or `GOOGLE_MEET`. */
  @prop({ type: String })
  hostedBy?: string;

  @prop({ type: String })
  fallbackReason?: string;

  /** Until when the key is remembered (UTC), whether or not the row is still there. */
  @prop({ type: Date, required: true })
  expiresAt!: Date;
}
