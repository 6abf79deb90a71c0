import { isDuplicateKey } from '../lib/duplicate-key.js';
import { type Models } from '../models/database.js';
import { type MeetingCreation } from '../models/meeting-creation.js';

const REMEMBERED_MS = 24 * 3_600_000;
/** Longer than a creation can take with all its waits and fallbacks. */
const PRESUMED_DEAD_MS = 5 * 60_000;

/** What identifies a creation. */
export interface CreationKey {
  userId: string;
  key: string;
  fingerprint: string;
}

/** The idempotency keys of creations. */
export class CreationStore {
  constructor(private readonly models: Models) {}

  /** Claims the key for `attempt`; or answers who has it. The unique index decides between two that claim at once. */
  async claim(creation: CreationKey, attempt: string, now: Date): Promise<MeetingCreation | undefined> {
    for (;;) {
      const { userId, key } = creation;
      const taken = await this.models.meetingCreations.findOne({ userId, key }).lean();
      if (taken && taken.expiresAt > now) return taken;
      if (taken) await this.models.meetingCreations.deleteOne({ _id: taken._id });
      if (await this.#insert(creation, attempt, now)) return undefined;
    }
  }

  /** The attempt has made a meeting. */
  async finish(
    attempt: string,
    outcome: Pick<MeetingCreation, 'meetingId' | 'hostedBy' | 'fallbackReason'>,
  ): Promise<void> {
    await this.models.meetingCreations.updateOne({ _id: attempt }, { $set: { ...outcome, state: 'done' } });
  }

  /** The attempt may have made a meeting. */
  async markUnknown(attempt: string): Promise<void> {
    await this.models.meetingCreations.updateOne({ _id: attempt }, { $set: { state: 'unknown' } });
  }

  /** The attempt has certainly made none: the key is free again. */
  async release(attempt: string): Promise<void> {
    await this.models.meetingCreations.deleteOne({ _id: attempt });
  }

  async #insert(creation: CreationKey, attempt: string, now: Date): Promise<boolean> {
    try {
      await this.models.meetingCreations.create({
        _id: attempt,
        ...creation,
        state: 'in_progress',
        presumedDeadAt: new Date(now.getTime() + PRESUMED_DEAD_MS),
        expiresAt: new Date(now.getTime() + REMEMBERED_MS),
      });
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return false;
    }
  }
}
