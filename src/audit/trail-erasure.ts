import { type Models } from '../models/database.js';

const BATCH = 500;
/** What an event loses when its Zoom user removes the app: Zoom's ids, and from where the user came. */
const ERASED = ['zoomUserId', 'zoomTrackingId', 'deviceInfo'] as const;

/**
 * Takes out of the trail what Zoom wants deleted when a user removes the app (docs/zoom-protocol.md §7). That an event
 * happened stays, with its time, type, cause and actor, so that the trail still explains the state of the connection. The
 * number of a meeting that the platform hosted stays too: it is the platform's, and deletions are recognised by it.
 */
export class TrailErasure {
  constructor(private readonly models: Pick<Models, 'auditEvents'>) {}

  /** The platform users whose trails name a Zoom user until then (UTC, included). */
  async usersOf(zoomUserId: string, until: Date): Promise<string[]> {
    const events = await this.models.auditEvents
      .find({ zoomUserId, occurredAt: { $lte: until } }, { userId: 1 })
      .lean();
    return [...new Set(events.map(({ userId }) => userId))];
  }

  /** Erases the events that name a Zoom user until then (UTC, included). */
  ofZoomUser(zoomUserId: string, until: Date): Promise<void> {
    return this.#erase({ zoomUserId, occurredAt: { $lte: until } });
  }

  /** Erases all events of a platform user until then (UTC, included). */
  ofUser(userId: string, until: Date): Promise<void> {
    const something = [
      ...ERASED.map((field) => ({ [field]: { $exists: true } })),
      { cause: 'USER', meetingId: { $exists: true } },
    ];
    return this.#erase({ userId, occurredAt: { $lte: until }, $or: something });
  }

  /** An erased event no longer matches the filter, so the loop ends. */
  async #erase(filter: object): Promise<void> {
    const { collection } = this.models.auditEvents;
    for (;;) {
      const events = await this.models.auditEvents.find(filter, { cause: 1 }).limit(BATCH).lean();
      if (events.length === 0) return;
      await collection.bulkWrite(
        events.map(({ _id, cause }) => {
          const fields = cause === 'USER' ? [...ERASED, 'meetingId'] : ERASED;
          const update = { $unset: Object.fromEntries(fields.map((field) => [field, 1 as const])) };
          return { updateOne: { filter: { _id: _id as never }, update } };
        }),
      );
    }
  }
}
