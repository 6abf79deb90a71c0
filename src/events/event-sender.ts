import { type BackgroundTasks } from '../lib/background-tasks.js';
import { type Clock } from '../lib/clock.js';
import { type Logger } from '../lib/logger.js';
import { type AuditEvent } from '../models/audit-event.js';
import { type ConnectionEvent, type DeliveredState } from '../models/connection-event.js';
import { type Claimed } from '../models/outbox-entry.js';
import { type GrantReader } from '../grants/store/grant-reader.js';
import { effectOf, messageOf, undeliveredState } from './event-policy.js';
import { type EventStore } from './event-store.js';
import { DeliveryError, type EventsEndpoint } from './events-endpoint.js';

export interface EventSenderDependencies {
  events: EventStore;
  grants: GrantReader;
  endpoint: EventsEndpoint;
  clock: Clock;
  tasks: BackgroundTasks;
  logger: Logger;
  onAttempt: (outcome: 'delivered' | 'failed') => void;
}

/**
 * Sends the platform an event when a connection ends or recovers: at least once, with retries until the platform has
 * accepted it. An event reports the state at the time it is sent, so a state that lasted only briefly may never be
 * reported.
 */
export class EventSender {
  /** Aborts the deliveries under way. */
  readonly #deliveries = new AbortController();
  #isStopping = false;

  constructor(private readonly dependencies: EventSenderDependencies) {}

  /**
   * Enqueues an event if an audit event may have changed the status, and sends it in the background. Rejects when it
   * could not be enqueued.
   */
  async enqueue(event: AuditEvent): Promise<void> {
    const { userId } = event;
    const { events, clock, tasks } = this.dependencies;
    const effect = effectOf(event);
    if (effect && (await events.enqueue(userId, effect, clock()))) tasks.run(this.#sendTo(userId));
  }

  /** Sends the events that are due. Ends when the receiver does not answer: there is one, and it seems to be down. */
  workDue(signal: AbortSignal, onItemFailure: () => void = () => undefined): Promise<void> {
    const { events, clock, logger } = this.dependencies;
    const onFailure = (err: unknown, { _id: userId, attempts }: ConnectionEvent) => {
      logger.error({ err, userId, attempts }, 'event could not be built, will be retried');
      onItemFailure();
    };
    return events.workDue((due) => this.#send(due), { clock, signal, onFailure });
  }

  /** Starts no further delivery, and aborts those under way after `graceMs`. The outbox keeps their events. */
  stop(graceMs: number): void {
    this.#isStopping = true;
    setTimeout(() => {
      this.#deliveries.abort();
    }, graceMs).unref();
  }

  /** Sends the user's event if it is still due. */
  async #sendTo(userId: string): Promise<boolean> {
    const { events, clock } = this.dependencies;
    const due = this.#isStopping ? undefined : await events.claim(clock(), userId);
    return due === undefined || this.#send(due);
  }

  /** False when the receiver did not answer. An event that it refuses (4xx) is put off, and the next one is sent. */
  async #send(due: Claimed<ConnectionEvent>): Promise<boolean> {
    const { events, grants, clock } = this.dependencies;
    const { _id: userId, delivered } = due;
    const state = undeliveredState(await grants.find(userId), delivered, clock());
    if (state) {
      const delivery = await this.#deliver(due, state);
      if (delivery !== 'delivered') {
        // defence: refused-event-is-postponed
        await events.postpone(due, clock());
        return delivery === 'refused';
      }
      if (!(await events.recordDelivery(due, state, clock()))) return this.#sendTo(userId);
    }
    await events.settle(due);
    return true;
  }

  async #deliver(
    { _id: userId, sequence, attempts }: ConnectionEvent,
    state: DeliveredState,
  ): Promise<'delivered' | 'refused' | 'unanswered'> {
    const { endpoint, clock, logger, onAttempt } = this.dependencies;
    try {
      await endpoint.deliver(messageOf(userId, state, sequence + 1), clock(), this.#deliveries.signal);
      onAttempt('delivered');
      return 'delivered';
    } catch (err) {
      onAttempt('failed');
      logger.warn({ err, userId, attempts }, 'event not delivered, will be retried');
      return err instanceof DeliveryError && err.isAboutTheEvent ? 'refused' : 'unanswered';
    }
  }
}
