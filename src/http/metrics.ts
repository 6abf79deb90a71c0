import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { CALLBACK_REASONS } from '../grants/connect/callback-outcome.js';
import { AUDIT_EVENT_TYPES, type AuditEvent } from '../models/audit-event.js';
import { CensusMetrics } from './census-metrics.js';
import { CAUSES, LEASE_WAITS, READ_ANSWERS, WEBHOOK_OUTCOMES } from './metric-labels.js';
import { RequestMetrics } from './request-metrics.js';
import { TOKEN_REFUSALS, type TokenRefusal } from './token-refusal.js';
import { WorkMetrics } from './work-metrics.js';

/**
 * The Prometheus metrics of one process, in a registry of their own. What happens to connections is counted from the
 * audit trail, so the two cannot disagree.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly requests = new RequestMetrics(this.registry);
  readonly work = new WorkMetrics(this.registry);
  readonly census = new CensusMetrics(this.registry);

  readonly #events = new Counter({
    name: 'zoom_grant_events_total',
    help: 'What happened to connections: audit events by type and cause.',
    labelNames: ['type', 'cause'],
    registers: [this.registry],
  });

  readonly #callbacks = new Counter({
    name: 'zoom_callback_outcomes_total',
    help: 'How redirects from Zoom ended: connected, or the reason code.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  readonly #webhooks = new Counter({
    name: 'zoom_webhooks_total',
    help: 'Webhooks by the kind of event; refused: not genuine, unreadable: no event.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  readonly #connectionEvents = new Counter({
    name: 'zoom_connection_events_total',
    help: 'Attempts to deliver an event about a connection to the platform, by outcome: delivered, failed.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  readonly #refusals = new Counter({
    name: 'zoom_refresh_refusals_total',
    help: 'Refreshes that Zoom refused in words that end no connection; lasting: such refusals have gone on for a day.',
    labelNames: ['lasting'],
    registers: [this.registry],
  });

  readonly #oddAnswers = new Counter({
    name: 'zoom_odd_answers_total',
    help: "Zoom's answers that were not as documented and were read all the same, by the kind of answer.",
    labelNames: ['answer'],
    registers: [this.registry],
  });

  readonly #tokensRefused = new Counter({
    name: 'zoom_platform_tokens_refused_total',
    help: 'Bearer tokens of the platform that were refused, by reason.',
    labelNames: ['reason'],
    registers: [this.registry],
  });

  readonly #refusedAccess = new Counter({
    name: 'zoom_access_refused_total',
    help: 'Operations that were refused as FORBIDDEN, by field.',
    labelNames: ['field'],
    registers: [this.registry],
  });

  readonly #apiDuration = new Histogram({
    name: 'zoom_api_duration_seconds',
    help: "Zoom's API answers by method and status; status 0: no answer.",
    labelNames: ['method', 'status'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });

  readonly #leaseWait = new Histogram({
    name: 'zoom_refresh_lease_wait_seconds',
    help: "Waits for another instance's refresh, by how they ended: adopted its tokens, acquired its lease, gave_up.",
    labelNames: ['outcome'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [this.registry],
  });

  readonly #apiTurns = new Histogram({
    name: 'zoom_api_wait_seconds',
    help: "How long calls of Zoom's API waited for their turn in this process.",
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.registry],
  });

  /** @param runningTasks the number of background tasks at the moment */
  constructor(runningTasks: () => number) {
    this.#startAtZero();
    // Event loop, heap, garbage collection, CPU, file descriptors.
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: 'background_tasks',
      help: 'Work that a shutdown would wait for, such as refreshes under way.',
      registers: [this.registry],
      collect() {
        this.set(runningTasks());
      },
    });
  }

  /** Series exist from the start: a counter that is born with its first event shows no increase. */
  #startAtZero(): void {
    for (const type of AUDIT_EVENT_TYPES)
      for (const cause of ['', ...(CAUSES[type] ?? [])]) this.#events.inc({ type, cause }, 0);
    for (const outcome of ['connected', ...CALLBACK_REASONS]) this.#callbacks.inc({ outcome }, 0);
    for (const outcome of WEBHOOK_OUTCOMES) this.#webhooks.inc({ outcome }, 0);
    for (const outcome of ['delivered', 'failed']) this.#connectionEvents.inc({ outcome }, 0);
    for (const lasting of ['true', 'false']) this.#refusals.inc({ lasting }, 0);
    for (const answer of READ_ANSWERS) this.#oddAnswers.inc({ answer }, 0);
    for (const reason of TOKEN_REFUSALS) this.#tokensRefused.inc({ reason }, 0);
    for (const outcome of LEASE_WAITS) this.#leaseWait.zero({ outcome });
  }

  countEvent({ type, cause }: AuditEvent): void {
    this.#events.inc({ type, cause: cause ?? '' });
  }

  countCallback(outcome: string): void {
    this.#callbacks.inc({ outcome });
  }

  countWebhook(outcome: string): void {
    this.#webhooks.inc({ outcome });
  }

  countConnectionEvent(outcome: 'delivered' | 'failed'): void {
    this.#connectionEvents.inc({ outcome });
  }

  countRefusal({ isLasting }: { isLasting: boolean }): void {
    this.#refusals.inc({ lasting: String(isLasting) });
  }

  countOddAnswer(answer: string): void {
    this.#oddAnswers.inc({ answer });
  }

  countRefusedToken(reason: TokenRefusal): void {
    this.#tokensRefused.inc({ reason });
  }

  /** Names the fields of the API, so that the count of each exists from the start. */
  nameFields(fields: readonly string[]): void {
    for (const field of fields) this.#refusedAccess.inc({ field }, 0);
  }

  countRefusedAccess(field: string): void {
    this.#refusedAccess.inc({ field });
  }

  observeLeaseWait({ outcome, durationMs }: { outcome: string; durationMs: number }): void {
    this.#leaseWait.observe({ outcome }, durationMs / 1000);
  }

  observeApiAnswer(answer: { method: string; status?: number | undefined; durationMs: number }): void {
    const { method, status = 0, durationMs } = answer;
    this.#apiDuration.observe({ method, status: String(status) }, durationMs / 1000);
  }

  observeApiTurn(waitedMs: number): void {
    this.#apiTurns.observe(waitedMs / 1000);
  }
}
