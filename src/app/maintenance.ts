import { type MongoAuditLog, SYSTEM_ORIGIN } from '../audit/audit-log.js';
import { type Announcer } from '../events/event-sender.js';
import { type BackgroundTasks } from '../lib/background-tasks.js';
import { type Clock } from '../lib/clock.js';
import { type Logger } from '../lib/logger.js';
import { type GrantStore } from '../grants/store/grant-store.js';
import { type Revocations } from '../grants/disconnect/revocations.js';
import { type TokenService } from '../grants/refresh/token-service.js';

const ROUND_EVERY_MS = 30_000;
const DAY_MS = 86_400_000;
/** Zoom lets a refresh token die after 90 days without use; two weeks are left for things to go wrong in. */
const KEEP_ALIVE_AFTER_MS = 76 * DAY_MS;
/** One that failed waits, so that it does not keep the others waiting. */
const KEEP_ALIVE_RETRY_MS = 3_600_000;
/** Refreshes in one round, so that a large backlog never floods Zoom. */
const KEEP_ALIVE_PER_ROUND = 10;

/**
 * What no request asks for: audit events that a dead instance left behind, announcements that the platform has not
 * taken, revocations that Zoom has not confirmed, and grants that would die of not being used.
 * Every instance runs it; the leases see to it that each grant is refreshed once.
 */
export class Maintenance {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dependencies: {
      grants: GrantStore;
      tokens: TokenService;
      revocations: Revocations;
      audit: MongoAuditLog;
      announcer: Announcer | undefined;
      clock: Clock;
      logger: Logger;
      tasks: BackgroundTasks;
    },
  ) {}

  /** Begins rounds; the process may end while it waits. */
  start(): void {
    this.#timer = setInterval(() => {
      this.dependencies.tasks.run(this.round());
    }, ROUND_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One round. Rejects when the database is away. */
  async round(): Promise<void> {
    const { audit, announcer, revocations } = this.dependencies;
    // defence: rounds-publish-leftovers
    await audit.publishLeftovers();
    await revocations.workDue();
    // defence: rounds-keep-grants-alive
    await this.#keepAlive();
    // Last: a receiver that is slow to answer holds up nothing else.
    await announcer?.workDue();
  }

  async #keepAlive(): Promise<void> {
    const { grants, tokens, clock, logger } = this.dependencies;
    const ago = (ms: number) => new Date(clock().getTime() - ms);
    const idle = await grants.findIdle(
      // defence: keep-alive-leaves-younger-grants-alone
      ago(KEEP_ALIVE_AFTER_MS),
      ago(KEEP_ALIVE_RETRY_MS),
      KEEP_ALIVE_PER_ROUND,
    );
    for (const { userId } of idle) {
      // The failure is recorded with the grant; the next round sees it again.
      await tokens.refreshNow(userId, SYSTEM_ORIGIN, 'KEEP_ALIVE').catch((err: unknown) => {
        logger.warn({ err, userId }, 'keep-alive failed');
      });
    }
  }
}
