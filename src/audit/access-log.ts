import { type Clock } from '../lib/clock.js';
import { type Logger } from '../lib/logger.js';
import { RecentUses } from '../lib/recent-uses.js';
import { type AuditLog, type Initiator } from './audit-log.js';

/** Who asked for something, and for which field of the schema. */
export interface AccessRequest {
  field: string;
  initiator: Initiator;
}

const INTERVAL_MS = 3_600_000;
/** A process remembers so many traces of the last hour. Of others, the trail itself is asked. */
const REMEMBERED = 10_000;

/**
 * Leaves traces of access to the data of others. A backend that reads all day leaves one event in an hour for each user
 * and field, and a user who asks for their own data leaves none.
 */
export class AccessLog {
  readonly #recent = new RecentUses(INTERVAL_MS, REMEMBERED);

  constructor(
    private readonly dependencies: {
      audit: Pick<AuditLog, 'record' | 'hasRecent'>;
      clock: Clock;
      logger: Logger;
      countRefusal: (field: string) => void;
    },
  ) {}

  /** Notes in the trail of `userId` that a service or an admin works with this user's data. Never rejects. */
  noteOnBehalf(userId: string, request: AccessRequest): Promise<void> {
    return this.#note('access.on_behalf', userId, request);
  }

  /** Notes in the admin's own trail that the admin lists data of many users. Never rejects. */
  noteListing(adminId: string, request: AccessRequest): Promise<void> {
    return this.#note('access.listed', adminId, request);
  }

  /** Logs and counts an access that was refused. `subject`: the user that the caller named. */
  noteRefusal(subject: string | undefined, { field, initiator }: AccessRequest): void {
    const { actor, correlationId } = initiator;
    const facts = { caller: actor.id, role: actor.kind, field, subject, correlationId };
    this.dependencies.logger.warn(facts, 'access refused');
    this.dependencies.countRefusal(field);
  }

  async #note(
    type: 'access.on_behalf' | 'access.listed',
    userId: string,
    { field, initiator }: AccessRequest,
  ): Promise<void> {
    const { audit, clock } = this.dependencies;
    const now = clock();
    const { kind, id } = initiator.actor;
    if (!this.#recent.claim(JSON.stringify([type, kind, id, userId, field]), now)) return;
    const record = { type, userId, initiator, cause: field };
    const since = new Date(now.getTime() - INTERVAL_MS);
    if (!(await audit.hasRecent(record, since))) await audit.record(record);
  }
}
