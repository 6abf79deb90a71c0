import { type BackgroundTasks } from '../lib/background-tasks.js';
import { type Clock } from '../lib/clock.js';
import { type Logger } from '../lib/logger.js';
import { type Announcement } from '../models/announcement.js';
import { type AuditFacts } from '../models/audit-event.js';
import { type GrantReader } from '../grants/store/grant-reader.js';
import { bearingOf, messageOf, newsOf, nextDeliveryAt } from './event-policy.js';
import { type AnnouncementStore } from './event-store.js';
import { type EventsEndpoint } from './events-endpoint.js';

/** What an {@link Announcer} works with. */
export interface AnnouncerDependencies {
  announcements: AnnouncementStore;
  grants: GrantReader;
  endpoint: EventsEndpoint;
  clock: Clock;
  tasks: BackgroundTasks;
  logger: Logger;
  onAttempt: (outcome: 'delivered' | 'failed') => void;
}

/** How many due announcements one round takes on. */
const ROUND_SIZE = 50;

/**
 * Tells the platform when a connection breaks or recovers: at least once, and again until it has been taken. What is
 * told is what is true when it is sent; a status that did not last that long is never told.
 */
export class Announcer {
  constructor(private readonly dependencies: AnnouncerDependencies) {}

  /** Notes what an audit event may have changed, then tells it in the background. Rejects when it is not noted. */
  async note({ type, userId }: AuditFacts): Promise<void> {
    const { announcements, clock, tasks } = this.dependencies;
    const bearing = bearingOf(type);
    if (bearing && (await announcements.note(userId, bearing, clock())))
      tasks.run(this.#announceNext(userId));
  }

  /** Tells what is due. Ends at the first that is not taken: there is one receiver. */
  async workDue(): Promise<void> {
    for (let round = 0; round < ROUND_SIZE; round++) if (!(await this.#announceNext())) return;
  }

  /** False when nothing was due, or it was not taken. */
  async #announceNext(userId?: string): Promise<boolean> {
    const { announcements, clock } = this.dependencies;
    const due = await announcements.claimDue(clock(), userId);
    return due !== undefined && this.#announce(due);
  }

  async #announce(due: Announcement): Promise<boolean> {
    const { announcements, grants, endpoint, clock, logger, onAttempt } = this.dependencies;
    const { _id: userId, attempts, told, sequence } = due;
    const grant = await grants.find(userId);
    const news = grant && newsOf(grant, told, clock());
    if (news) {
      try {
        await endpoint.deliver(messageOf(userId, news, sequence + 1), clock());
      } catch (err) {
        onAttempt('failed');
        logger.warn({ err, userId, attempts }, 'announcement not taken, will be repeated');
        await announcements.postpone(due, nextDeliveryAt(clock(), attempts));
        return false;
      }
      onAttempt('delivered');
      if (!(await announcements.record(due, news, clock()))) return this.#announceNext(userId);
    }
    await announcements.settle(due);
    return true;
  }
}
