import { SYSTEM_INITIATOR } from '../audit/audit-log.js';
import { type EventSender } from '../events/event-sender.js';
import { type BackgroundTasks } from '../lib/background-tasks.js';
import { type Clock } from '../lib/clock.js';
import { type Logger } from '../lib/logger.js';
import { KEEP_ALIVE_AFTER_MS } from '../grants/keep-alive-policy.js';
import { type GrantReader } from '../grants/store/grant-reader.js';
import { type Revocations } from '../grants/disconnect/revocations.js';
import { type AccessTokens } from '../grants/refresh/access-tokens.js';
import { type GrantOutbox } from '../grants/store/grant-outbox.js';

const ROUND_EVERY_MS = 30_000;
/** Without a round for so long, the process hangs. */
const LONGEST_GAP_MS = 10 * ROUND_EVERY_MS;
/** A grant whose refresh failed waits, so that the others have their turn. */
const KEEP_ALIVE_RETRY_MS = 3_600_000;
/** Refreshes in one round, so that a large backlog does not flood Zoom. */
const KEEP_ALIVE_PER_ROUND = 10;
const CONTESTS_PER_ROUND = 10;
/** A connection that Zoom refuses to refresh is tried so often, even if nobody asks for its token. */
const REFUSAL_RETRY_MS = 3_600_000;
const REFUSALS_PER_ROUND = 10;

export interface MaintenanceDependencies {
  grants: Pick<GrantReader, 'findIdle' | 'findContested' | 'findRefusalsToRetry'>;
  tokens: Pick<AccessTokens, 'refresh' | 'settleContest'>;
  revocations: Pick<Revocations, 'workDue'>;
  outbox: Pick<GrantOutbox, 'drainLeftovers'>;
  events: Pick<EventSender, 'workDue' | 'stop'> | undefined;
  /** Counts what is stored, or takes over what another instance has counted. */
  takeCensus: () => Promise<void>;
  /** Called when a run of a job has ended. */
  onRun: (job: string, outcome: 'done' | 'failed') => void;
  /** Called for an item that failed. The job goes on with the next one. */
  onItemFailure: (job: string) => void;
  clock: Clock;
  logger: Logger;
  tasks: BackgroundTasks;
}

/** Does one item after the other, and starts none once the signal is aborted. */
type Job = (signal: AbortSignal, onItemFailure: () => void) => Promise<void>;

/**
 * The work that no request asks for: audit events that an instance could not move to the trail, revocations that Zoom has not
 * confirmed, tokens that are contested, grants that would expire unused or that Zoom refuses to refresh, and events that the platform has not accepted. Every instance runs it;
 * claims and leases prevent double work. The jobs of a round run side by side, so that one that fails or is slow does
 * not delay the others.
 */
export class Maintenance {
  readonly #stopping = new AbortController();
  readonly #jobs: Readonly<Record<string, Job>>;
  readonly #running = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #lastRoundAt = performance.now();

  constructor(private readonly dependencies: MaintenanceDependencies) {
    const { outbox, revocations, events, takeCensus } = dependencies;
    this.#jobs = {
      // defence: rounds-drain-leftovers
      move_audit_events: (signal) => outbox.drainLeftovers(signal),
      revoke_grants: (signal, onItemFailure) => revocations.workDue(signal, onItemFailure),
      // defence: rounds-settle-contests
      settle_contests: (signal, onItemFailure) => this.#settleContests(signal, onItemFailure),
      // defence: rounds-keep-grants-alive
      keep_grants_alive: (signal, onItemFailure) => this.#keepAlive(signal, onItemFailure),
      // defence: rounds-retry-refusals
      retry_refusals: (signal, onItemFailure) => this.#retryRefusals(signal, onItemFailure),
      ...(events && {
        send_events: (signal, onItemFailure) => events.workDue(signal, onItemFailure),
      }),
      take_census: takeCensus,
    };
  }

  /** The names of the jobs, in the log and in the metrics. */
  get jobs(): string[] {
    return Object.keys(this.#jobs);
  }

  /** Starts a round every 30 seconds. The timer does not keep the process alive. */
  start(): void {
    this.#timer = setInterval(() => {
      this.dependencies.tasks.run(this.round());
    }, ROUND_EVERY_MS).unref();
  }

  /**
   * Starts nothing more. Resolves when the item under way in each job has ended. The delivery of an event is aborted if
   * it takes longer than `deliveryMs`.
   */
  async stop(deliveryMs: number): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    this.dependencies.events?.stop(deliveryMs);
    // defence: stop-waits-for-jobs
    await Promise.all(this.#running.values());
  }

  /** Rejects when no round has begun for five minutes, although one is due every 30 seconds. */
  checkRounds(): Promise<void> {
    const gapMs = Math.round(performance.now() - this.#lastRoundAt);
    const isRunning = this.#timer !== undefined && !this.#stopping.signal.aborted;
    return isRunning && gapMs > LONGEST_GAP_MS
      ? Promise.reject(new Error(`no maintenance round for ${gapMs} ms`))
      : Promise.resolve();
  }

  /** Runs each job once, but none that is still running. Never rejects: failures are logged. */
  async round(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#lastRoundAt = performance.now();
    // defence: jobs-run-side-by-side
    await Promise.all(Object.entries(this.#jobs).map(([name, job]) => this.#run(name, job)));
  }

  #run(name: string, job: Job): Promise<void> {
    const { logger, onRun, onItemFailure } = this.dependencies;
    const running = this.#running.get(name);
    // defence: round-skips-running-job
    if (running) {
      logger.info({ job: name }, 'maintenance job is still running, this round skips it');
      return running;
    }
    const run = job(this.#stopping.signal, () => {
      onItemFailure(name);
    })
      .then(
        () => {
          onRun(name, 'done');
        },
        (err: unknown) => {
          logger.error({ err, job: name }, 'maintenance job failed');
          onRun(name, 'failed');
        },
      )
      .finally(() => this.#running.delete(name));
    this.#running.set(name, run);
    return run;
  }

  async #settleContests(signal: AbortSignal, onItemFailure: () => void): Promise<void> {
    const { grants, tokens, clock, logger } = this.dependencies;
    for (const { userId } of await grants.findContested(clock(), CONTESTS_PER_ROUND)) {
      // defence: contests-end-at-shutdown
      if (signal.aborted) return;
      await tokens.settleContest(userId).catch((err: unknown) => {
        logger.warn({ err, userId }, 'contested tokens are not settled yet');
        onItemFailure();
      });
    }
  }

  async #keepAlive(signal: AbortSignal, onItemFailure: () => void): Promise<void> {
    const { grants, clock } = this.dependencies;
    const ago = (ms: number) => new Date(clock().getTime() - ms);
    const idle = await grants.findIdle(
      // defence: keep-alive-leaves-younger-grants-alone
      ago(KEEP_ALIVE_AFTER_MS),
      ago(KEEP_ALIVE_RETRY_MS),
      KEEP_ALIVE_PER_ROUND,
    );
    await this.#refreshEach(idle, signal, onItemFailure);
  }

  /** Also when nobody asks for a token: the status of the connection says that the server tries again. */
  async #retryRefusals(signal: AbortSignal, onItemFailure: () => void): Promise<void> {
    const { grants, clock } = this.dependencies;
    const now = clock();
    const triedBefore = new Date(now.getTime() - REFUSAL_RETRY_MS);
    const due = await grants.findRefusalsToRetry(triedBefore, now, REFUSALS_PER_ROUND);
    await this.#refreshEach(due, signal, onItemFailure);
  }

  async #refreshEach(
    due: readonly { userId: string }[],
    signal: AbortSignal,
    onItemFailure: () => void,
  ): Promise<void> {
    const { tokens, logger } = this.dependencies;
    for (const { userId } of due) {
      // defence: keep-alive-ends-at-shutdown
      if (signal.aborted) return;
      // The failure is stored with the grant, and a later round tries again.
      await tokens.refresh(userId, SYSTEM_INITIATOR, 'KEEP_ALIVE').catch((err: unknown) => {
        logger.warn({ err, userId }, 'keep-alive failed');
        onItemFailure();
      });
    }
  }
}
