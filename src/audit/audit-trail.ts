import { type AuditFacts } from '../models/audit-event.js';
import { type Models } from '../models/database.js';
import { type AuditLog } from './audit-log.js';

/** A place in a user's trail: just after the event of this instant (UTC) and id, the newest first. */
export interface AuditPlace {
  occurredAt: Date;
  _id: string;
}

/** Reads the trail of one user at a time. */
export class AuditTrail {
  constructor(
    private readonly models: Pick<Models, 'auditEvents' | 'grants'>,
    private readonly log: Pick<AuditLog, 'publish'>,
  ) {}

  /**
   * At most `limit` events of a user, the newest first, from `after` on. An event that its process did not live to
   * publish is taken into the trail before.
   */
  async read(userId: string, limit: number, after?: AuditPlace): Promise<AuditFacts[]> {
    const row = await this.models.grants.findOne({ userId }, { unrecordedEvent: 1 }).lean();
    await this.log.publish(row?.unrecordedEvent);
    return this.models.auditEvents
      .find({ userId, ...(after && isOlderThan(after)) })
      .sort({ occurredAt: -1, _id: -1 })
      .limit(limit)
      .lean();
  }
}

/** The first condition says nothing new, but lets the index begin at the right place. */
function isOlderThan({ occurredAt, _id }: AuditPlace) {
  return {
    occurredAt: { $lte: occurredAt },
    $or: [{ occurredAt: { $lt: occurredAt } }, { _id: { $lt: _id } }],
  };
}
