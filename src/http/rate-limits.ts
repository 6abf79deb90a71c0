import { type Connection } from 'mongoose';
import { RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible';
import { type Clock } from '../lib/clock.js';
import { AppError } from '../lib/errors.js';
import { type Logger } from '../lib/logger.js';

/** The allowed calls in a minute: per user for the operations, per address for the callback. */
const PER_MINUTE = { start: 20, refresh: 10, revoke: 10, callback: 60 } as const;

export type LimitedOperation = keyof typeof PER_MINUTE;

/** Counts calls in MongoDB, so that the limits hold across instances. */
export class RateLimits {
  readonly #limiters: Record<LimitedOperation, RateLimiterMongo>;

  constructor(
    connection: Connection,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    const limiter = (operation: LimitedOperation) =>
      new RateLimiterMongo({
        storeClient: connection,
        tableName: 'ratelimits',
        keyPrefix: operation,
        points: PER_MINUTE[operation],
        duration: 60,
        disableIndexesCreation: true,
      });
    this.#limiters = {
      start: limiter('start'),
      refresh: limiter('refresh'),
      revoke: limiter('revoke'),
      callback: limiter('callback'),
    };
  }

  /** Builds the indexes. All limits share one collection. */
  async prepare(): Promise<void> {
    await this.#limiters.start.createIndexes();
  }

  /**
   * Counts one call. When the database does not answer, nobody is limited: the operation itself will fail then.
   * @throws AppError `RATE_LIMITED` with `retryAt`
   */
  async consume(operation: LimitedOperation, key: string): Promise<void> {
    try {
      await this.#limiters[operation].consume(key);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) {
        this.logger.warn({ err: refused, operation }, 'rate limit could not be counted');
        return;
      }
      throw new AppError('RATE_LIMITED', {
        retryAt: new Date(this.clock().getTime() + refused.msBeforeNext),
      });
    }
  }
}
