import { randomUUID } from 'node:crypto';
import { type Clock } from '../lib/clock.js';
import { defined } from '../lib/defined.js';
import { type AuditFacts } from '../models/audit-event.js';
import { type Models } from '../models/database.js';
import { withTimeout } from '../lib/timing.js';

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
  /** The event's id, where a crash could make the same thing be recorded twice; default: a random one. */
  _id?: string;
  cause?: string;
  zoomUserId?: string;
  tokenVersion?: number;
  grantGeneration?: number;
  zoomTrackingId?: string;
  meetingId?: string;
}

/** The append-only trail. Nothing here ever rejects: an audit failure undoes nothing. */
export interface AuditLog {
  /** Stores an event. Resolves when it is stored, or could not be. */
  record(record: AuditRecord): Promise<void>;
  /** An event that is stored with the change of a grant it tells of, so that no crash can part the two. */
  draft<R extends AuditRecord>(record: R): AuditFacts & Pick<R, 'cause'>;
  /**
   * Takes the event of a stored change into the trail, once, whoever calls it and how often. Resolves after a second
   * at most and goes on by itself: the event is safe with the change.
   */
  publish(event: AuditFacts | undefined): Promise<void>;
}

const DAY_MS = 86_400_000;
const DUPLICATE_KEY = 11000;
/** Whoever made a change publishes its event at once; later than this, they have died. */
const LEFT_OVER_AFTER_MS = 10_000;
/** A trail that is slow to answer holds nobody up. */
const PUBLISH_PATIENCE_MS = 1_000;
const LEFTOVERS_PER_ROUND = 100;

/** Keeps the trail in MongoDB and tells `observers` (the log, the metrics) of each event. */
export class MongoAuditLog implements AuditLog {
  constructor(
    private readonly options: {
      models: Pick<Models, 'auditEvents' | 'grants'>;
      clock: Clock;
      retentionDays: number;
      observers: readonly ((event: AuditFacts) => void)[];
      /** What else a change of a grant entails. Until it resolves, the event stays with the grant and is taken up again. */
      followUp?: (event: AuditFacts) => Promise<void>;
      onFailure: (error: unknown) => void;
    },
  ) {}

  async record(record: AuditRecord): Promise<void> {
    const event = this.draft(record);
    try {
      this.#observe(event);
      await this.#insert(event);
    } catch (error) {
      this.options.onFailure(error);
    }
  }

  draft<R extends AuditRecord>({ origin, ...fields }: R): AuditFacts & Pick<R, 'cause'> {
    const { clock, retentionDays } = this.options;
    const occurredAt = clock();
    const expiresAt = new Date(occurredAt.getTime() + retentionDays * DAY_MS);
    const { actor, correlationId } = origin;
    const deviceInfo = origin.deviceInfo && defined(origin.deviceInfo);
    const event = {
      _id: randomUUID() as string,
      occurredAt,
      ...fields,
      actor,
      correlationId,
      deviceInfo,
      expiresAt,
    };
    return defined(event) as typeof event;
  }

  async publish(event: AuditFacts | undefined): Promise<void> {
    if (event) await withTimeout(this.#publish(event), PUBLISH_PATIENCE_MS, undefined);
  }

  async #publish(event: AuditFacts): Promise<void> {
    try {
      // Observed by the one whose insert it was, so that the metrics of all instances add up to the trail.
      if (await this.#insert(event)) this.#observe(event);
      await this.options.followUp?.(event);
      await this.options.models.grants.updateOne(
        { userId: event.userId, 'unrecordedEvent._id': event._id },
        { $unset: { unrecordedEvent: 1 } },
      );
    } catch (error) {
      this.options.onFailure(error);
    }
  }

  /** Publishes what instances that died, or could not reach the trail, have left with the grants. */
  async publishLeftovers(signal?: AbortSignal): Promise<void> {
    const before = new Date(this.options.clock().getTime() - LEFT_OVER_AFTER_MS);
    const rows = await this.options.models.grants
      .find({ 'unrecordedEvent.occurredAt': { $lt: before } }, { unrecordedEvent: 1 })
      .sort({ 'unrecordedEvent.occurredAt': 1 })
      .limit(LEFTOVERS_PER_ROUND)
      .lean();
    for (const { unrecordedEvent } of rows) {
      if (signal?.aborted) return;
      await this.publish(unrecordedEvent);
    }
  }

  #observe(event: AuditFacts): void {
    for (const observe of this.options.observers) observe(event);
  }

  /** False when the trail holds it already. */
  async #insert(event: AuditFacts): Promise<boolean> {
    try {
      await this.options.models.auditEvents.create(event);
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === DUPLICATE_KEY) return false;
      throw error;
    }
  }
}
