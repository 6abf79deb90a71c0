import { modelOptions, prop } from '@typegoose/typegoose';
import { OutboxEntry } from './outbox-entry.js';
import { type UserOAuthToken } from './user-oauth-token.js';

/** The statuses that a stored grant can have. */
export const REPORTED_STATUSES = ['CONNECTED', 'REAUTHORIZATION_REQUIRED', 'REVOKED'] as const;

/** The state of a connection as an event reports it. */
export class DeliveredState {
  @prop({ type: String, required: true, enum: REPORTED_STATUSES })
  status!: (typeof REPORTED_STATUSES)[number];

  @prop({ type: String })
  reason?: NonNullable<UserOAuthToken['reason']>;

  /** When the status last changed (UTC). */
  @prop({ type: Date, required: true })
  since!: Date;
}

/**
 * The events about one user's connection: which one was delivered last, and whether another is due. The event itself is
 * not stored. It is built from the grant when it is sent, so a late delivery reports the state at that time.
 */
@modelOptions({ schemaOptions: { collection: 'connectionevents', versionKey: false } })
export class ConnectionEvent extends OutboxEntry {
  /** The platform user. */
  @prop({ type: String, required: true })
  override _id!: string;

  /** What the last delivered event reported. */
  @prop({ type: () => DeliveredState, _id: false })
  delivered?: DeliveredState;

  /** How many events have been delivered. */
  @prop({ type: Number, required: true })
  sequence!: number;
}
