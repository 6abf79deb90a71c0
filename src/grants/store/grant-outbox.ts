import { type AuditLog } from '../../audit/audit-log.js';
import { type Clock } from '../../lib/clock.js';
import { withTimeout } from '../../lib/timing.js';
import { type AuditEvent } from '../../models/audit-event.js';
import { type Models } from '../../models/database.js';
import { OWN_GRANT } from '../../models/own-grant.js';
import { type UserOAuthToken } from '../../models/user-oauth-token.js';

/** A row with the events that wait in it. */
export type OutboxRow = Pick<UserOAuthToken, 'userId' | 'outbox'>;

const OUTBOX_FIELDS = { userId: 1, outbox: 1 } as const;
/** Whoever makes a change drains the outbox at once. An event older than this was left by a process that died. */
const LEFT_OVER_AFTER_MS = 10_000;
/** A trail that is slow to answer delays no caller for longer. */
const DRAIN_TIMEOUT_MS = 1_000;
const LEFTOVERS_PER_ROUND = 100;

/** The stage of an update pipeline that adds an event to the outbox, in the same write as the change it describes. */
export function addToOutbox(event: AuditEvent): { $set: object } {
  return {
    $set: {
      // defence: outbox-is-appended-to
      outbox: { $concatArrays: [{ $ifNull: ['$outbox', []] }, [{ $literal: event }]] },
      outboxSince: { $ifNull: ['$outboxSince', { $literal: event.occurredAt }] },
    },
  };
}

/**
 * The transactional outbox of the grants. Each change of a grant and its audit event are one write, so no crash can
 * separate them. The event then moves to the trail, in the order of the changes, and is removed by its id: a later
 * change can neither overtake nor overwrite it. Moving one twice does no harm, since the trail takes an id once.
 */
export class GrantOutbox {
  constructor(
    private readonly options: {
      models: Pick<Models, 'grants'>;
      audit: AuditLog;
      clock: Clock;
      /** What else a change entails. The event stays in the outbox, and is tried again, until this resolves. */
      followUp?: ((event: AuditEvent) => Promise<void>) | undefined;
      onFailure: (error: unknown) => void;
    },
  ) {}

  /**
   * Moves the events of a row into the trail. Never rejects, and resolves after one second at the latest: what has not
   * moved by then is safe in the row.
   */
  async drain(row: OutboxRow | null): Promise<void> {
    if (row?.outbox?.length)
      await withTimeout(this.#drain(row.userId, row.outbox), DRAIN_TIMEOUT_MS, undefined);
  }

  /** The same for the row as it is stored now. */
  async drainOf(userId: string): Promise<void> {
    await this.drain(await this.options.models.grants.findOne({ userId }, OUTBOX_FIELDS).lean());
  }

  /** Drains what was left by processes that died or could not reach the trail. Stops between two rows on `signal`. */
  async drainLeftovers(signal?: AbortSignal): Promise<void> {
    const before = new Date(this.options.clock().getTime() - LEFT_OVER_AFTER_MS);
    const rows = await this.options.models.grants
      .find({ outboxSince: { $lt: before } }, OUTBOX_FIELDS)
      .sort({ outboxSince: 1 })
      .limit(LEFTOVERS_PER_ROUND)
      .lean();
    for (const row of rows) {
      if (signal?.aborted) return;
      await this.drain(row);
    }
  }

  async #drain(userId: string, events: readonly AuditEvent[]): Promise<void> {
    const moved: string[] = [];
    try {
      for (const event of /* defence: outbox-is-drained-in-order */ events) {
        await this.options.audit.append(event);
        // defence: event-waits-for-follow-up
        await this.options.followUp?.(event);
        moved.push(event._id);
      }
    } catch (error) {
      this.options.onFailure(error);
    }
    if (moved.length > 0) await this.#remove(userId, moved).catch(this.options.onFailure);
  }

  async #remove(userId: string, ids: string[]): Promise<void> {
    const isLeft = { $and: ids.map((id) => ({ $ne: ['$$this._id', { $literal: id }] })) };
    const unlessEmpty = (field: string) => ({
      $cond: [{ $eq: [{ $size: '$outbox' }, 0] }, '$$REMOVE', field],
    });
    const row = { ...OWN_GRANT, userId, 'outbox._id': { $in: ids } };
    await this.options.models.grants.collection.updateOne(row, [
      // defence: events-are-removed-by-id
      { $set: { outbox: { $filter: { input: '$outbox', cond: isLeft } } } },
      { $set: { outboxSince: unlessEmpty('$outboxSince') } },
      { $set: { outbox: unlessEmpty('$outbox') } },
    ]);
  }
}
