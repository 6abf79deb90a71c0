import { randomUUID } from 'node:crypto';
import { type MovableClock } from '../store/time.js';
import { type SandboxApp } from '../store/apps.js';
import { postWebhook, webhookBody, type WebhookMessage } from './endpoint.js';

const MINUTE_MS = 60_000;
const RETRY_DELAYS_MS = [5 * MINUTE_MS, 20 * MINUTE_MS, 60 * MINUTE_MS];

/** One event and what became of it. */
export interface WebhookDelivery {
  id: string;
  event: string;
  /** `pending`: in flight or waiting for a retry. `refused`: 3xx or 4xx, never retried. `dropped`: out of retries. */
  outcome: 'pending' | 'delivered' | 'refused' | 'dropped';
  attempts: { time: string; status: number | null }[];
}

interface Outgoing {
  delivery: WebhookDelivery;
  app: SandboxApp;
  message: WebhookMessage;
  rawBody: string;
  /** Absent while in flight and once settled. */
  dueAtMs?: number;
}

/** Sends events and retries 5xx answers and transport errors 5, 20 and 60 minutes later, on the movable clock. */
export class WebhookOutbox {
  private readonly all: Outgoing[] = [];
  private readonly closing = new AbortController();

  constructor(private readonly clock: MovableClock) {}

  /** Sends an event; settles with the first attempt. */
  async send(app: SandboxApp, message: WebhookMessage): Promise<WebhookDelivery> {
    const delivery: WebhookDelivery = {
      id: randomUUID(),
      event: message.event,
      outcome: 'pending',
      attempts: [],
    };
    const outgoing = { delivery, app, message, rawBody: webhookBody(message, this.clock.nowMs()) };
    this.all.push(outgoing);
    await this.attempt(outgoing, this.clock.nowMs());
    return structuredClone(delivery);
  }

  /** Makes every attempt that is due, in the order in which they fell due. */
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

  /** Gives up what is in flight or waiting. */
  close(): void {
    this.closing.abort();
    this.all.length = 0;
  }

  private takeDue(): { outgoing: Outgoing; dueAtMs: number } | undefined {
    const dueTimes = this.all.map((outgoing) => outgoing.dueAtMs ?? Infinity);
    const dueAtMs = Math.min(...dueTimes);
    const outgoing = this.all[dueTimes.indexOf(dueAtMs)];
    if (!outgoing || dueAtMs > this.clock.nowMs()) return undefined;
    outgoing.dueAtMs = undefined;
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

  // Counted from the plan and not from now: a clock moved over several retries at once finds them all due.
  private planRetry(outgoing: Outgoing, plannedAtMs: number): void {
    const delay = RETRY_DELAYS_MS[outgoing.delivery.attempts.length - 1];
    if (delay === undefined) outgoing.delivery.outcome = 'dropped';
    else outgoing.dueAtMs = plannedAtMs + delay;
  }
}
