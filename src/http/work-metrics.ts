import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { TOKEN_REQUEST_OUTCOMES, type TokenRequestOutcome } from '../grants/token-request-outcome.js';
import { VERSION } from '../lib/user-agent.js';
import { TOKEN_OPERATIONS, type TokenOperation } from '../oauth/token-request-report.js';
import { LIMITED_OPERATIONS, type LimitedOperation } from './rate-limits.js';

const DATABASE_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Zoom repeats a webhook after 5, 20 and 60 minutes (docs/zoom-protocol.md §7). */
const LAG_BUCKETS = [1, 5, 15, 60, 300, 600, 1800, 3600, 7200, 86_400];
const REBUILDS = ['rebuilt', 'not rebuilt'] as const;

/** The metrics of what the server asks of Zoom's token endpoint and of the database, and of its background work. */
export class WorkMetrics {
  readonly #tokenRequests: Histogram<'operation' | 'outcome'>;
  readonly #commands: Histogram;
  readonly #poolWaits: Histogram;
  readonly #webhookLag: Histogram;
  readonly #rebuilds: Counter<'outcome'>;
  readonly #rateLimited: Counter<'operation'>;
  readonly #lastSuccess: Gauge<'job'>;
  readonly #failures: Counter<'job'>;
  readonly #itemFailures: Counter<'job'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#tokenRequests = new Histogram({
      name: 'zoom_token_request_duration_seconds',
      help: "Requests of Zoom's token and revocation endpoints by operation and outcome.",
      labelNames: ['operation', 'outcome'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    });
    this.#commands = new Histogram({
      name: 'mongodb_command_duration_seconds',
      help: 'Commands of the database client, from taking a connection of the pool to giving it back.',
      buckets: DATABASE_BUCKETS,
      registers,
    });
    this.#poolWaits = new Histogram({
      name: 'mongodb_pool_wait_seconds',
      help: 'How long commands waited for a connection of the pool.',
      buckets: DATABASE_BUCKETS,
      registers,
    });
    this.#webhookLag = new Histogram({
      name: 'zoom_webhook_lag_seconds',
      help: 'From the time that a genuine webhook of Zoom names to its receipt.',
      buckets: LAG_BUCKETS,
      registers,
    });
    this.#rebuilds = new Counter({
      name: 'mongodb_client_rebuilds_total',
      help: 'Database clients that did not recover by themselves, by what became of them.',
      labelNames: ['outcome'],
      registers,
    });
    this.#rateLimited = new Counter({
      name: 'rate_limited_total',
      help: 'Calls that were refused by a rate limit, by what is limited.',
      labelNames: ['operation'],
      registers,
    });
    this.#lastSuccess = new Gauge({
      name: 'maintenance_last_success_timestamp_seconds',
      help: 'When the job last ended without an error in this process (Unix time); before that, when the process started.',
      labelNames: ['job'],
      registers,
    });
    this.#failures = new Counter({
      name: 'maintenance_failures_total',
      help: 'Runs of jobs of the maintenance that failed as a whole.',
      labelNames: ['job'],
      registers,
    });
    this.#itemFailures = new Counter({
      name: 'maintenance_item_failures_total',
      help: 'Items of jobs of the maintenance that failed and will be tried again.',
      labelNames: ['job'],
      registers,
    });
    new Gauge({
      name: 'zoom_grant_server_info',
      help: 'Always 1; the labels tell the versions of the server and of Node.',
      labelNames: ['version', 'node'],
      registers,
    }).set({ version: VERSION, node: process.versions.node }, 1);
    this.#startAtZero();
  }

  #startAtZero(): void {
    for (const operation of TOKEN_OPERATIONS)
      for (const outcome of TOKEN_REQUEST_OUTCOMES) this.#tokenRequests.zero({ operation, outcome });
    for (const outcome of REBUILDS) this.#rebuilds.inc({ outcome }, 0);
    for (const operation of LIMITED_OPERATIONS) this.#rateLimited.inc({ operation }, 0);
  }

  observeTokenRequest(request: {
    operation: TokenOperation;
    outcome: TokenRequestOutcome;
    durationMs: number;
  }): void {
    const { operation, outcome, durationMs } = request;
    this.#tokenRequests.observe({ operation, outcome }, durationMs / 1000);
  }

  observeCommand(durationMs: number): void {
    this.#commands.observe(durationMs / 1000);
  }

  observePoolWait(waitedMs: number): void {
    this.#poolWaits.observe(waitedMs / 1000);
  }

  observeWebhookLag(lagMs: number): void {
    this.#webhookLag.observe(lagMs / 1000);
  }

  countRebuild(outcome: (typeof REBUILDS)[number]): void {
    this.#rebuilds.inc({ outcome });
  }

  countRateLimited(operation: LimitedOperation): void {
    this.#rateLimited.inc({ operation });
  }

  /** Makes the series of the jobs that this process runs. `now` counts as their last success. */
  nameJobs(jobs: readonly string[], now: Date): void {
    for (const job of jobs) {
      this.#lastSuccess.set({ job }, now.getTime() / 1000);
      this.#failures.inc({ job }, 0);
      this.#itemFailures.inc({ job }, 0);
    }
  }

  countRun(job: string, outcome: 'done' | 'failed', now: Date): void {
    if (outcome === 'done') this.#lastSuccess.set({ job }, now.getTime() / 1000);
    else this.#failures.inc({ job });
  }

  countItemFailure(job: string): void {
    this.#itemFailures.inc({ job });
  }
}
