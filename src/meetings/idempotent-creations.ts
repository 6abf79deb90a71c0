import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BackgroundTasks } from '../lib/background-tasks.js';
import { type Clock } from '../lib/clock.js';
import { AppError } from '../lib/errors.js';
import { writeDurably } from '../lib/durable-write.js';
import { type Logger } from '../lib/logger.js';
import { type MeetingCreation } from '../models/meeting-creation.js';
import { decideCreation } from './creation-policy.js';
import { type CreationKey, type CreationStore } from './creation-store.js';
import { type CreatedMeeting } from './meeting-creator.js';

const POLL_MS = 200;
/** How long a duplicate waits for the first request. */
const WAIT_FOR_FIRST_MS = 10_000;
const RETRY_AFTER_MS = 2_000;
/** How long a caller waits for the record of its creation. */
const WAIT_FOR_RECORD_MS = 5_000;

/** Ensures that a creation under one key happens at most once, on any number of instances. */
export class IdempotentCreations {
  constructor(
    private readonly dependencies: {
      store: CreationStore;
      clock: Clock;
      tasks: BackgroundTasks;
      logger: Logger;
    },
  ) {}

  /**
   * Runs `create` if the key is new. A duplicate waits for the first request and gets its meeting by `replay`.
   * @throws AppError `BAD_USER_INPUT` naming the key when it was used for something else or its outcome is unknown,
   * `ZOOM_UNAVAILABLE` with `retryAt` when the first request takes too long; and what `create` and `replay` throw
   */
  async run(
    key: CreationKey,
    create: () => Promise<CreatedMeeting>,
    replay: (first: MeetingCreation) => Promise<CreatedMeeting>,
  ): Promise<CreatedMeeting> {
    const { store, clock } = this.dependencies;
    const creationId = randomUUID();
    const deadline = performance.now() + WAIT_FOR_FIRST_MS;
    for (;;) {
      const claim = await store.claim(key, creationId, clock());
      if (claim.claimed) return this.#create(creationId, create);
      const decision = decideCreation(claim.heldBy, key.fingerprint, clock());
      if (decision.kind === 'refuse') throw decision.error;
      if (decision.kind === 'replay') return replay(claim.heldBy);
      if (performance.now() > deadline) throw stillRunning(clock());
      await sleep(POLL_MS);
    }
  }

  async #create(creationId: string, create: () => Promise<CreatedMeeting>): Promise<CreatedMeeting> {
    const { store, logger, tasks } = this.dependencies;
    const created = await create().catch(async (error: unknown) => {
      await this.#settleFailure(creationId, error);
      throw error;
    });
    const { meeting, hostedBy, fallbackReason } = created;
    const outcome = { meetingId: meeting.id, hostedBy, ...(fallbackReason && { fallbackReason }) };
    await writeDurably(tasks, () => store.finish(creationId, outcome), {
      onFailure: (err, tries) => {
        logger.error({ err, meetingId: meeting.id, tries }, 'the created meeting is not recorded yet');
      },
      waitMs: WAIT_FOR_RECORD_MS,
      late: undefined,
    });
    return created;
  }

  /** Frees the key only if there is certainly no meeting. If the write fails here, the key stays claimed. */
  async #settleFailure(creationId: string, error: unknown): Promise<void> {
    const { store, logger } = this.dependencies;
    const certain = error instanceof AppError && !error.details.outcomeUnknown;
    await (certain ? store.release(creationId) : store.markUnknown(creationId)).catch((err: unknown) => {
      logger.error({ err }, 'the failed creation is not recorded');
    });
  }
}

function stillRunning(now: Date): AppError {
  return new AppError('ZOOM_UNAVAILABLE', {
    message: 'The first request under this idempotencyKey has not ended yet.',
    retryAt: new Date(now.getTime() + RETRY_AFTER_MS),
  });
}
