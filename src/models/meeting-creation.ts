import { index, modelOptions, prop } from '@typegoose/typegoose';
import { type ErrorCode } from '../lib/errors.js';
import { MEETING_HOSTS, type MeetingHost } from './hosted-meeting.js';
import { VersionedRow } from './schema-version.js';

/** Why the user's own account could not host a meeting. */
export const FALLBACK_REASONS = [
  'ZOOM_NOT_CONNECTED',
  'ZOOM_REAUTHORIZATION_REQUIRED',
  'ZOOM_SCOPE_MISSING',
  'ZOOM_PLAN_REQUIRED',
  'ZOOM_NOT_ALLOWED',
  'ZOOM_NOT_FOUND',
] as const satisfies readonly ErrorCode[];
export type FallbackReason = (typeof FALLBACK_REASONS)[number];

/** `unknown`: the answer to the creation was lost, so a meeting may exist. */
export const CREATION_STATES = ['in_progress', 'done', 'unknown'] as const;
export type CreationState = (typeof CREATION_STATES)[number];

/** One creation under an idempotency key. It is written before Zoom is called, so that a key is never used twice. */
@modelOptions({ schemaOptions: { collection: 'meetingcreations', versionKey: false } })
@index({ userId: 1, key: 1 }, { unique: true })
@index({ expiresAt: 1 }, { expireAfterSeconds: 0 })
export class MeetingCreation extends VersionedRow {
  /** The id of the creation that holds the key. */
  @prop({ type: String, required: true })
  _id!: string;

  @prop({ type: String, required: true })
  userId!: string;

  @prop({ type: String, required: true })
  key!: string;

  /** SHA-256 of the input, base64url. */
  @prop({ type: String, required: true })
  fingerprint!: string;

  @prop({ type: String, required: true, enum: CREATION_STATES })
  state!: CreationState;

  /** If the creation is still in progress after this instant (UTC), its process has died. */
  @prop({ type: Date, required: true })
  presumedDeadAt!: Date;

  /** This field and the next are set once the state is `done`. */
  @prop({ type: String })
  meetingId?: string;

  @prop({ type: String, enum: MEETING_HOSTS })
  hostedBy?: MeetingHost;

  @prop({ type: String, enum: FALLBACK_REASONS })
  fallbackReason?: FallbackReason;

  /** Until when the key is remembered (UTC), whether or not the row still exists. */
  @prop({ type: Date, required: true })
  expiresAt!: Date;
}
