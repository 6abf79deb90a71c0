import { randomUUID } from 'node:crypto';
import { type Clock } from '../clock';
import { type Models } from '../models/database';

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
] as const;

/** A value of {@link AUDIT_EVENT_TYPES}. */
export type AuditEventType = (typeof AUDIT_EVENT_TYPES)[number];

/** On whose behalf something happens, and which request it belongs to. */
export interface Origin {
  actor: { kind: 'user' | 'service' | 'admin' | 'system' | 'zoom'; id?: string };
  correlationId?: string;
  deviceInfo?: { userAgent?: string; ipAddress?: string };
}

/** The origin of what this server does by itself. */
export const SYSTEM_ORIGIN: Origin = { actor: { kind: 'system' } };

/** What is recorded. There is no field for free text, so there is none for a token. */
export interface AuditRecord {
  type: AuditEventType;
  userId: string;
  origin: Origin;
  cause?: string;
  zoomUserId?: string;
  tokenVersion?: number;
  grantGeneration?: number;
  zoomTrackingId?: string;
  meetingId?: string;
}

/** The append-only trail. */
export interface AuditLog {
  /** Resolves when the event is stored, or could not be. Never rejects: an audit failure undoes nothing. */
  record(record: AuditRecord): Promise<void>;
}

const DAY_MS = 86_400_000;

/** Keeps the trail in MongoDB and tells `observers` (the log, the metrics) of each event first. */
export class MongoAuditLog implements AuditLog {
  constructor(
    private readonly options: {
      model: Models['auditEvents'];
      clock: Clock;
      retentionDays: number;
      observers: readonly ((record: AuditRecord) => void)[];
      onFailure: (error: unknown) => void;
    },
  ) {}

  async record(record: AuditRecord): Promise<void> {
    const { model, clock, retentionDays, observers, onFailure } = this.options;
    const { origin, ...fields } = record;
    const occurredAt = clock();
    try {
      for (const observe of observers) observe(record);
      await model.create({
        _id: randomUUID(),
        occurredAt,
        ...fields,
        ...origin,
        expiresAt: new Date(occurredAt.getTime() + retentionDays * DAY_MS),
      });
    } catch (error) {
      onFailure(error);
    }
  }
}
