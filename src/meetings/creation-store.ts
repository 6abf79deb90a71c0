import { isDuplicateKey } from '../lib/duplicate-key.js';
import { type Models } from '../models/database.js';
import { type MeetingCreation } from '../models/meeting-creation.js';

const REMEMBERED_MS = 24 * 3_600_000;
/** Longer than a creation can take with all its retries and fallbacks. */
const PRESUMED_DEAD_MS = 5 * 60_000;

/** An idempotency key, and what it is used for. */
export interface CreationKey {
  userId: string;
  key: string;
  fingerprint: string;
}

/** How often a key that nobody visible holds is claimed. */
const MOST_CLAIMS = 20;

/** The outcome of claiming a key. */
export type Claim = { claimed: true } | { claimed: false; heldBy: MeetingCreation };

/** The idempotency keys of creations. */
export class CreationStore {
  constructor(private readonly models: Models) {}

  /**
   * Claims the key for a creation, unless another one holds it. The unique index decides between concurrent claims.
   * @throws Error when the key is held by a document of a newer release, which this one does not read
   */
  async claim(creation: CreationKey, creationId: string, now: Date): Promise<Claim> {
    const { meetingCreations } = this.models;
    const { userId, key } = creation;
    for (let claims = 0; claims < MOST_CLAIMS; claims++) {
      const heldBy = await meetingCreations.findOne({ userId, key }).lean();
      if (heldBy && heldBy.expiresAt > now) return { claimed: false, heldBy };
      if (heldBy) await meetingCreations.deleteOne({ _id: heldBy._id });
      if (await this.#insert(creation, creationId, now)) return { claimed: true };
    }
    throw new Error('the idempotency key is held by a document that this release does not read');
  }

  /** The creation has made a meeting. */
  async finish(
    creationId: string,
    outcome: Pick<MeetingCreation, 'meetingId' | 'hostedBy' | 'fallbackReason'>,
  ): Promise<void> {
    await this.models.meetingCreations.updateOne(
      { _id: creationId },
      { $set: { ...outcome, state: 'done' } },
    );
  }

  /** The creation may have made a meeting. */
  async markUnknown(creationId: string): Promise<void> {
    await this.models.meetingCreations.updateOne({ _id: creationId }, { $set: { state: 'unknown' } });
  }

  /** The creation has certainly made no meeting: the key can be used again. */
  async release(creationId: string): Promise<void> {
    await this.models.meetingCreations.deleteOne({ _id: creationId });
  }

  async #insert(creation: CreationKey, creationId: string, now: Date): Promise<boolean> {
    try {
      await this.models.meetingCreations.create({
        _id: creationId,
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
