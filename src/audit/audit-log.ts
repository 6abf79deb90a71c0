import { randomUUID } from 'node:crypto';
import { type Clock } from '../lib/clock.js';
import { defined } from '../lib/defined.js';
import { isDuplicateKey } from '../lib/duplicate-key.js';
import { type ActorKind, type AuditEventType, type AuditEvent } from '../models/audit-event.js';
import { type Models } from '../models/database.js';
import { PLATFORM_HOSTS } from '../models/hosted-meeting.js';

/** On whose behalf something happens, and in which request. */
export interface Initiator {
  actor: { kind: ActorKind; id?: string };
  correlationId?: string;
  deviceInfo?: { userAgent?: string; ipAddress?: string };
}

/** The initiator of what this server does without a request. */
export const SYSTEM_INITIATOR: Initiator = { actor: { kind: 'system' } };

/** What is recorded. No field holds free text, so no field can hold a token. */
export interface AuditRecord {
  type: AuditEventType;
  userId: string;
  initiator: Initiator;
  /** The id of the event; by default a random one. Give one where a crash could record the same thing twice. */
  _id?: string;
  cause?: string | undefined;
  zoomUserId?: string | undefined;
  tokenVersion?: number | undefined;
  grantGeneration?: number | undefined;
  zoomTrackingId?: string | undefined;
  meetingId?: string | undefined;
}

const DAY_MS = 86_400_000;

/** The append-only audit trail in MongoDB. `observers` (the log, the metrics) get each event once. */
export class AuditLog {
  constructor(
    private readonly options: {
      models: Pick<Models, 'auditEvents'>;
      clock: Clock;
      retentionDays: number;
      observers: readonly ((event: AuditEvent) => void)[];
      onFailure: (error: unknown) => void;
    },
  ) {}

  /** Stores an event that is no change of a grant. Never rejects: a failure is logged and undoes nothing. */
  async record(record: AuditRecord): Promise<void> {
    const event = this.draft(record);
    try {
      this.observe(event);
      await this.#insert(event);
    } catch (error) {
      this.options.onFailure(error);
    }
  }

  /** Creates an event without storing it, for a write that stores it together with the change that it describes. */
  draft({ initiator, ...fields }: AuditRecord): AuditEvent {
    const { clock, retentionDays } = this.options;
    const occurredAt = clock();
    return defined({
      _id: randomUUID(),
      occurredAt,
      ...fields,
      actor: initiator.actor,
      correlationId: initiator.correlationId,
      deviceInfo: initiator.deviceInfo && defined(initiator.deviceInfo),
      expiresAt: new Date(occurredAt.getTime() + retentionDays * DAY_MS),
    });
  }

  /** Adds a drafted event, once, even if called again. Rejects when the trail cannot be reached. */
  async append(event: AuditEvent): Promise<void> {
    // Only the instance whose insert it was counts it, so that the metrics of all instances add up to the trail.
    // defence: inserted-event-is-counted
    if (await this.#insert(event)) this.observe(event);
  }

  /** Whether the trail says that this user has deleted a meeting that the platform hosted. */
  async hasDeletedHostedMeeting(userId: string, meetingId: string): Promise<boolean> {
    const event = { userId, type: 'meeting.deleted', meetingId, cause: { $in: PLATFORM_HOSTS } } as const;
    return (await this.options.models.auditEvents.exists(event)) !== null;
  }

  /** Whether the trail holds such an event by the same actor since then. False when the trail cannot be reached. */
  async hasRecent({ type, userId, initiator, cause }: AuditRecord, since: Date): Promise<boolean> {
    const { kind, id } = initiator.actor;
    const event = { userId, type, cause: cause ?? null, 'actor.kind': kind, 'actor.id': id ?? null };
    try {
      return (
        (await this.options.models.auditEvents.exists({ ...event, occurredAt: { $gt: since } })) !== null
      );
    } catch (error) {
      this.options.onFailure(error);
      return false;
    }
  }

  /** Tells the log and the metrics of an event that the trail does not keep, or has just taken. */
  observe(event: AuditEvent): void {
    for (const observe of this.options.observers) observe(event);
  }

  /** False when the trail holds it already. */
  async #insert(event: AuditEvent): Promise<boolean> {
    try {
      await this.options.models.auditEvents.create(event);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
}
