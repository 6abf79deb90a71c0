import { index, modelOptions, prop } from '@typegoose/typegoose';
import { VersionedRow } from './schema-version.js';

/** In whose account a meeting is. */
export const MEETING_HOSTS = ['USER', 'APP', 'GOOGLE_MEET'] as const;
export type MeetingHost = (typeof MEETING_HOSTS)[number];

/** The hosts that belong to the platform. */
export const PLATFORM_HOSTS = ['APP', 'GOOGLE_MEET'] as const satisfies readonly MeetingHost[];
export type PlatformHost = (typeof PLATFORM_HOSTS)[number];

/**
 * A meeting that the platform hosts for a user, in its own Zoom account or at Google. The row records the owner: a
 * user without a row cannot reach the meeting.
 */
@modelOptions({ schemaOptions: { collection: 'hostedmeetings', versionKey: false } })
@index({ meetingId: 1 }, { unique: true })
@index({ userId: 1 })
@index({ expiresAt: 1 }, { expireAfterSeconds: 0 })
export class HostedMeeting extends VersionedRow {
  /** Zoom's meeting number, or Google's id of the meeting space. */
  @prop({ type: String, required: true })
  meetingId!: string;

  /** The platform user it was created for. */
  @prop({ type: String, required: true })
  userId!: string;

  @prop({ type: String, required: true, enum: PLATFORM_HOSTS })
  hostedBy!: PlatformHost;

  @prop({ type: Date, required: true })
  createdAt!: Date;

  /** When the record is deleted (UTC). Absent in records of older versions until the meeting is used. */
  @prop({ type: Date })
  expiresAt?: Date;

  /** Zoom's id of the user in whose account the meeting is. Absent in records of older versions. */
  @prop({ type: String })
  zoomHostId?: string;

  /** This field and those below are set for Google Meet only, because Google stores nothing but an address. */
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
