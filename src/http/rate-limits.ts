import { type Connection } from 'mongoose';
import { RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible';
import { type Clock } from '../lib/clock.js';
import { AppError } from '../lib/errors.js';
import { type Logger } from '../lib/logger.js';

const MINUTE_SECONDS = 60;
const DAY_SECONDS = 86_400;

/**
 * How many calls are allowed in how many seconds: per user for the operations, per address for callbacks that belong to
 * no authorization. `hosted` are meetings in the platform's own account.
 */
const LIMITS = {
  start: { points: 20, duration: MINUTE_SECONDS },
  refresh: { points: 10, duration: MINUTE_SECONDS },
  revoke: { points: 10, duration: MINUTE_SECONDS },
  callback: { points: 60, duration: MINUTE_SECONDS },
  hosted: { points: 10, duration: MINUTE_SECONDS },
  hostedDay: { points: 30, duration: DAY_SECONDS },
} as const;

export type LimitedOperation = keyof typeof LIMITS;

/** What is limited. */
export const LIMITED_OPERATIONS = Object.keys(LIMITS) as LimitedOperation[];

export interface RateLimitSettings {
  /** Meetings that the platform hosts for one user in a day. */
  hostedMeetingsPerDay: number;
}

/** Counts calls in MongoDB, so that the limits hold across instances. */
export class RateLimits {
  readonly #limiters: Readonly<Record<LimitedOperation, RateLimiterMongo>>;

  constructor(
    connection: Connection,
    private readonly clock: Clock,
    private readonly logger: Logger,
    { hostedMeetingsPerDay }: RateLimitSettings,
    /** Called for each call that a limit refuses. */
    private readonly onRefused: (operation: LimitedOperation) => void = () => undefined,
  ) {
    const limiter = (keyPrefix: LimitedOperation, points: number = LIMITS[keyPrefix].points) =>
      new RateLimiterMongo({
        storeClient: connection,
        tableName: 'ratelimits',
        keyPrefix,
        points,
        duration: LIMITS[keyPrefix].duration,
        // A key that is used up costs no further write.
        inMemoryBlockOnConsumed: points + 1,
        disableIndexesCreation: true,
      });
    this.#limiters = {
      start: limiter('start'),
      refresh: limiter('refresh'),
      revoke: limiter('revoke'),
      callback: limiter('callback'),
      hosted: limiter('hosted'),
      hostedDay: limiter('hostedDay', hostedMeetingsPerDay),
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
      this.onRefused(operation);
      throw new AppError('RATE_LIMITED', {
        retryAt: new Date(this.clock().getTime() + refused.msBeforeNext),
      });
    }
  }

  /** Counts one meeting that the platform is to host for a user. @throws AppError `RATE_LIMITED` with `retryAt` */
  async consumeHosted(userId: string): Promise<void> {
    await this.consume('hosted', userId);
    await this.consume('hostedDay', userId);
  }

  /** Counts one call, and answers whether it is within the limit. */
  async allows(operation: LimitedOperation, key: string): Promise<boolean> {
    return this.consume(operation, key).then(
      () => true,
      () => false,
    );
  }
}
