import { index, modelOptions, prop } from '@typegoose/typegoose';

/**
 * A meeting that the platform hosts for a user, in its own Zoom account or at Google. The row is the ownership: who
 * has none cannot reach the meeting.
 */
@modelOptions({ schemaOptions: { collection: 'hostedmeetings', versionKey: false } })
@index({ meetingId: 1 }, { unique: true })
export class HostedMeeting {
  /** Zoom's meeting number, or Google's id of the meeting space. */
  @prop({ type: String, required: true })
  meetingId!: string;

  /** The platform user it was created for. */
  @prop({ type: String, required: true })
  userId!: string;

  /** `APP` or `GOOGLE_MEET`. */
  @prop({ type: String, required: true })
  provider!: string;

  @prop({ type: Date, required: true })
  createdAt!: Date;

  /** The rest is kept for Google Meet alone, which stores an address and nothing else. */
  @prop({ type: String })
  joinUrl?: string;

  @prop({ type: String })
  topic?: string;

  @prop({ type: Date })
  startTime?: Date;

  @prop({ type: Number })
  durationMinutes?: number;

  @prop({ type: String })
  timezone?: string;
}
