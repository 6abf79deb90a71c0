import { index, modelOptions, prop } from '@typegoose/typegoose';
import { DeviceInfo } from './device-info.js';

/** Who did it. `zoom`: Zoom told us; `system`: this server by itself. */
export class AuditActor {
  @prop({ type: String, required: true })
  kind!: string;

  @prop({ type: String })
  id?: string;
}

/** What an audit event says. No field can hold token material. */
export class AuditFacts {
  @prop({ type: String, required: true })
  _id!: string;

  @prop({ type: Date, required: true })
  occurredAt!: Date;

  /** `noun.participle`, a value of `AuditEventType`. */
  @prop({ type: String, required: true })
  type!: string;

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
export class AuditEvent extends AuditFacts {}
