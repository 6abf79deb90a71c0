import { randomUUID } from 'node:crypto';
import { type MovableClock } from '../store/time.js';
import { type SandboxApp } from '../store/apps.js';
import { postWebhook, webhookBody, type WebhookMessage } from './endpoint.js';

const MINUTE_MS = 60_000;
const RETRY_DELAYS_MS = [5 * MINUTE_MS, 20 * MINUTE_MS, 60 * MINUTE_MS];

/** An event and its attempts. */
export interface WebhookDelivery {
  id: string;
  event: string;
  /**
   * `pending`: in flight or waiting for a retry. `refused`: answered 3xx or 4xx, not retried. `dropped`: no retry
   * left.
   */
  outcome: 'pending' | 'delivered' | 'refused' | 'dropped';
  attempts: { time: string; status: number | null }[];
}

interface Outgoing {
  delivery: WebhookDelivery;
  app: SandboxApp;
  message: WebhookMessage;
  rawBody: string;
  /** When the next attempt is due; infinite while one is in flight and once the event is settled. */
  dueAtMs: number;
}

/** Sends events. Retries after a 5xx answer or a transport error, 5, 20 and 60 minutes later on the movable clock. */
export class WebhookOutbox {
  private readonly all: Outgoing[] = [];
  private readonly closing = new AbortController();

  constructor(private readonly clock: MovableClock) {}

  /** Sends an event. Resolves after the first attempt. */
  async send(app: SandboxApp, message: WebhookMessage): Promise<WebhookDelivery> {
    const delivery: WebhookDelivery = {
      id: randomUUID(),
      event: message.event,
      outcome: 'pending',
      attempts: [],
    };
    const rawBody = webhookBody(message, this.clock.nowMs());
    const outgoing: Outgoing = { delivery, app, message, rawBody, dueAtMs: Infinity };
    this.all.push(outgoing);
    await this.attempt(outgoing, this.clock.nowMs());
    return structuredClone(delivery);
  }

  /** Makes every attempt that is due, in the order of their due times. */
  async sendDue(): Promise<void> {
    for (let next = this.takeDue(); next; next = this.takeDue())
      await this.attempt(next.outgoing, next.dueAtMs);
  }

  list(): WebhookDelivery[] {
    return this.all.map(({ delivery }) => structuredClone(delivery));
  }

  /** Aborts when the outbox closes. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** Aborts the requests in flight and forgets all events. */
  close(): void {
    this.closing.abort();
    this.all.length = 0;
  }

  private takeDue(): { outgoing: Outgoing; dueAtMs: number } | undefined {
    const dueTimes = this.all.map((outgoing) => outgoing.dueAtMs);
    const dueAtMs = Math.min(...dueTimes);
    const outgoing = this.all[dueTimes.indexOf(dueAtMs)];
    if (!outgoing || dueAtMs > this.clock.nowMs()) return undefined;
    outgoing.dueAtMs = Infinity;
    return { outgoing, dueAtMs };
  }

  private async attempt(outgoing: Outgoing, plannedAtMs: number): Promise<void> {
    const { delivery, app, message, rawBody } = outgoing;
    const time = this.clock.now().toISOString();
    const { status } = await postWebhook(app, rawBody, this.clock.nowMs(), this.closed, message);
    delivery.attempts.push({ time, status });
    if (status !== null && status < 300) delivery.outcome = 'delivered';
    else if (status !== null && status < 500) delivery.outcome = 'refused';
    else this.planRetry(outgoing, plannedAtMs);
  }

  // The delay counts from the planned time and not from now, so that one big step of the clock makes all retries due.
  private planRetry(outgoing: Outgoing, plannedAtMs: number): void {
    const delay = RETRY_DELAYS_MS[outgoing.delivery.attempts.length - 1];
    if (delay === undefined) outgoing.delivery.outcome = 'dropped';
    else outgoing.dueAtMs = plannedAtMs + delay;
  }
}
