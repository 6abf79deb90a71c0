import { isDuplicateKey } from '../lib/duplicate-key.js';
import { type ConnectionEvent, type DeliveredState } from '../models/connection-event.js';
import { type Models } from '../models/database.js';
import { Outbox } from '../models/outbox.js';
import { SCHEMA_VERSION } from '../models/schema-version.js';
import { type Claimed } from '../models/outbox-entry.js';
import { type Effect } from './event-policy.js';

/** Longer than a delivery can take. */
const VISIBILITY_TIMEOUT_MS = 30_000;

/** The outbox of events about connections, one entry per user. */
export class EventStore extends Outbox<ConnectionEvent> {
  constructor(private readonly models: Pick<Models, 'connectionEvents'>) {
    super(models.connectionEvents, VISIBILITY_TIMEOUT_MS);
  }

  /**
   * Makes an event about the user due. False if the effect can be ignored, since no event has reported an end or a
   * refusal, and if the user's entry is of a newer release, which is left alone: the event is then not sent.
   */
  async enqueue(userId: string, effect: Effect, now: Date): Promise<boolean> {
    const isChange = effect === 'changed';
    try {
      const enqueued = await this.models.connectionEvents
        .findOneAndUpdate(
          { _id: userId, ...(!isChange && MAY_REPORT_AN_END) },
          {
            ...dueNow(now),
            ...(isChange && { $setOnInsert: { sequence: 0, schemaVersion: SCHEMA_VERSION } }),
          },
          { upsert: isChange, returnDocument: 'after' },
        )
        .lean();
      return enqueued !== null;
    } catch (error) {
      if (isDuplicateKey(error) && !(await this.#isReadable(userId))) return false;
      throw error;
    }
  }

  /**
   * Records that an event with this state was delivered. False if another worker has delivered one meanwhile. Nobody
   * knows which of the two arrived last, so a further event is due.
   */
  async recordDelivery(
    { _id, sequence }: ConnectionEvent,
    delivered: DeliveredState,
    now: Date,
  ): Promise<boolean> {
    const { matchedCount } = await this.models.connectionEvents.updateOne(
      { _id, /* defence: crossed-events-are-noticed */ sequence },
      { $set: { delivered }, $inc: { sequence: 1 } },
    );
    if (matchedCount === 1) return true;
    const { $set, $unset } = dueNow(now);
    await this.models.connectionEvents.updateOne({ _id }, { $set, $unset: { ...$unset, delivered: 1 } });
    return false;
  }

  /** Whether the user has an entry that this release reads. */
  async #isReadable(userId: string): Promise<boolean> {
    return (await this.models.connectionEvents.exists({ _id: userId })) !== null;
  }

  /** Nothing more is due, unless the claim has been lost: then another worker is trying, or there is a new event. */
  async settle({ _id, claim }: Claimed<ConnectionEvent>): Promise<void> {
    await this.models.connectionEvents.updateOne(
      { _id, /* defence: change-during-delivery-stays-due */ claim },
      { $unset: { dueAt: 1, claim: 1 } },
    );
  }
}

/** Due from `now` on. A worker that is trying loses its claim, because it may not have seen the change. */
function dueNow(now: Date) {
  return { $set: { dueAt: now, attempts: 0 }, $unset: { claim: 1 } };
}

const ENDED: DeliveredState['status'][] = ['REAUTHORIZATION_REQUIRED', 'REVOKED'];

/** The last event reported an end or a refusal, or an event is under way that may report one. */
const MAY_REPORT_AN_END = {
  $or: [
    { 'delivered.status': { $in: ENDED } },
    { 'delivered.reason': { $exists: true } },
    { dueAt: { $exists: true } },
  ],
};
