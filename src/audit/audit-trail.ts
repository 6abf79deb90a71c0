import { type AuditEvent } from '../models/audit-event.js';
import { type Models } from '../models/database.js';

/** A place in a user's trail: just after the event of this instant (UTC) and id, the newest first. */
export interface AuditPlace {
  occurredAt: Date;
  _id: string;
}

/** Reads the trail of one user at a time. */
export class AuditTrail {
  constructor(
    private readonly models: Pick<Models, 'auditEvents'>,
    /** Moves the events that still wait in the user's grant into the trail. Never rejects. */
    private readonly drain: (userId: string) => Promise<void>,
  ) {}

  /** At most `limit` events of a user, the newest first, from `after` on. */
  async read(userId: string, limit: number, after?: AuditPlace): Promise<AuditEvent[]> {
    // defence: reader-drains-the-outbox
    await this.drain(userId);
    return this.models.auditEvents
      .find({ userId, ...(after && isOlderThan(after)) })
      .sort({ occurredAt: -1, _id: -1 })
      .limit(limit)
      .lean();
  }
}

/** The first condition adds nothing to the result, but lets the index begin at the right place. */
function isOlderThan({ occurredAt, _id }: AuditPlace) {
  return {
    occurredAt: { $lte: occurredAt },
    $or: [{ occurredAt: { $lt: occurredAt } }, { _id: { $lt: _id } }],
  };
}
