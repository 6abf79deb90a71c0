import { type Announcement, type Told } from '../models/announcement.js';
import { type Models } from '../models/database.js';
import { type Bearing } from './event-policy.js';

/** How long one try may take before another worker repeats it. */
const CLAIM_MS = 30_000;

/** Of which connections the platform is still to be told. */
export class AnnouncementStore {
  constructor(private readonly models: Pick<Models, 'announcements'>) {}

  /** Notes that a user's status has changed, or may have recovered. False when there is nothing to look into. */
  async note(userId: string, bearing: Bearing, now: Date): Promise<boolean> {
    const isNew = bearing === 'changed';
    const noted = await this.models.announcements
      .findOneAndUpdate(
        { _id: userId, ...(!isNew && MAY_HAVE_RECOVERED) },
        {
          $set: { dueAt: now, attempts: 0 },
          $inc: { changes: 1 },
          ...(isNew && { $setOnInsert: { sequence: 0 } }),
        },
        { upsert: isNew, returnDocument: 'after' },
      )
      .lean();
    return noted !== null;
  }

  /** Takes the next one that is due, or that of `userId`, for {@link CLAIM_MS}. */
  async claimDue(now: Date, userId?: string): Promise<Announcement | undefined> {
    const claimed = await this.models.announcements
      .findOneAndUpdate(
        { ...(userId !== undefined && { _id: userId }), dueAt: { $lte: now } },
        { $set: { dueAt: new Date(now.getTime() + CLAIM_MS) }, $inc: { attempts: 1 } },
        { sort: { dueAt: 1 }, returnDocument: 'after' },
      )
      .lean();
    return claimed ?? undefined;
  }

  /** Puts the next try off, unless there is something new. */
  async postpone({ _id, changes }: Announcement, dueAt: Date): Promise<void> {
    await this.models.announcements.updateOne({ _id, changes }, { $set: { dueAt } });
  }

  /**
   * Records that `told` was delivered. False when another worker has delivered meanwhile: nobody knows whose message
   * arrived last, so the truth is due once more.
   */
  async record({ _id, sequence }: Announcement, told: Told, now: Date): Promise<boolean> {
    const { matchedCount } = await this.models.announcements.updateOne(
      { _id, sequence },
      { $set: { told }, $inc: { sequence: 1 } },
    );
    if (matchedCount === 1) return true;
    await this.models.announcements.updateOne(
      { _id },
      { $set: { dueAt: now, attempts: 0 }, $unset: { told: 1 }, $inc: { changes: 1 } },
    );
    return false;
  }

  /** There is nothing more to tell, unless something has happened since the claim. */
  async settle({ _id, changes }: Announcement): Promise<void> {
    await this.models.announcements.updateOne({ _id, changes }, { $unset: { dueAt: 1 } });
  }
}

/** The platform was told that it ended, or is being told something right now. */
const MAY_HAVE_RECOVERED = {
  $or: [{ 'told.status': { $in: ['REAUTHORIZATION_REQUIRED', 'REVOKED'] } }, { dueAt: { $exists: true } }],
};
