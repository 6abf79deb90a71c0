import { index, modelOptions, prop } from '@typegoose/typegoose';
import { DeviceInfo } from './device-info.js';
import { SCHEMA_VERSION } from './schema-version.js';

/** Everything that can happen to a connection, and what is changed at Zoom through it. */
export const AUDIT_EVENT_TYPES = [
  'authorization.started',
  'authorization.denied',
  'authorization.failed',
  'grant.authorized',
  'access_token.refreshed',
  'refresh.failed',
  'grant.ended',
  'grant.superseded',
  'grant.revoked',
  'revocation.completed',
  'revocation.failed',
  'meeting.created',
  'meeting.updated',
  'meeting.deleted',
  'meeting.replaced',
  'access.on_behalf',
  'access.listed',
] as const;

export type AuditEventType = (typeof AUDIT_EVENT_TYPES)[number];

/** `zoom`: Zoom sent a webhook; `system`: this server acted by itself. */
export const ACTOR_KINDS = ['user', 'service', 'admin', 'system', 'zoom'] as const;

export type ActorKind = (typeof ACTOR_KINDS)[number];

/** Who did it. */
export class AuditActor {
  @prop({ type: String, required: true, enum: ACTOR_KINDS })
  kind!: ActorKind;

  @prop({ type: String })
  id?: string;
}

/** What an audit event says. No field can hold token material. */
export class AuditEvent {
  @prop({ type: String, required: true })
  _id!: string;

  @prop({ type: Date, required: true })
  occurredAt!: Date;

  @prop({ type: String, required: true, enum: AUDIT_EVENT_TYPES })
  type!: AuditEventType;

  /** The platform user the event is about. */
  @prop({ type: String, required: true })
  userId!: string;

  @prop({ type: () => AuditActor, required: true, _id: false })
  actor!: AuditActor;

  /** A closed reason or error code; never free text. */
  @prop({ type: String })
  cause?: string;

  @prop({ type: String })
  zoomUserId?: string;

  @prop({ type: Number })
  tokenVersion?: number;

  @prop({ type: Number })
  grantGeneration?: number;

  @prop({ type: () => DeviceInfo, _id: false })
  deviceInfo?: DeviceInfo;

  /** The request id that also went out to the client. */
  @prop({ type: String })
  correlationId?: string;

  @prop({ type: String })
  zoomTrackingId?: string;

  @prop({ type: String })
  meetingId?: string;

  /** When the retention ends (UTC). */
  @prop({ type: Date, required: true })
  expiresAt!: Date;
}

/** One line of the append-only audit trail. */
@modelOptions({ schemaOptions: { collection: 'auditevents', versionKey: false } })
@index({ userId: 1, occurredAt: -1, _id: -1 })
@index({ expiresAt: 1 }, { expireAfterSeconds: 0 })
// For the erasure of a Zoom user.
@index(
  { zoomUserId: 1, occurredAt: 1 },
  { partialFilterExpression: { zoomUserId: { $exists: true } }, name: 'zoomUser' },
)
export class AuditEntry extends AuditEvent {
  /** As in `VersionedRow`. An event that waits in the outbox of a grant has none. */
  @prop({ type: Number, default: SCHEMA_VERSION })
  schemaVersion?: number;
}
