import { randomUUID } from 'node:crypto';
import { type Models } from '../../models/database.js';
import { type PendingRevocation } from '../../models/pending-revocation.js';
import { type Grant } from '../grant.js';

/** How long one try may take before another worker repeats it. */
const CLAIM_MS = 60_000;

/** The grants that are still to be revoked at Zoom. */
export class RevocationStore {
  constructor(private readonly models: Models) {}

  /** Queues the grant's tokens, claimed by the caller. Undefined when it holds none. */
  async enqueue(grant: Grant, now: Date): Promise<PendingRevocation | undefined> {
    if (!grant.accessToken || !grant.accessTokenExpiry) return undefined;
    const pending: PendingRevocation = {
      _id: randomUUID(),
      userId: grant.userId,
      grantGeneration: grant.grantGeneration,
      zoomAccessToken: grant.accessToken,
      zoomAccessTokenExpiry: grant.accessTokenExpiry,
      ...(grant.zoomUserId && { zoomUserId: grant.zoomUserId }),
      ...(grant.refreshToken && { zoomRefreshToken: grant.refreshToken }),
      requestedAt: now,
      attempts: 1,
      dueAt: new Date(now.getTime() + CLAIM_MS),
    };
    await this.models.pendingRevocations.create(pending);
    return pending;
  }

  /** Takes the next one that is due, for {@link CLAIM_MS}. */
  async claimDue(now: Date): Promise<PendingRevocation | undefined> {
    const claimed = await this.models.pendingRevocations
      .findOneAndUpdate(
        { dueAt: { $lte: now } },
        { $set: { dueAt: new Date(now.getTime() + CLAIM_MS) }, $inc: { attempts: 1 } },
        { sort: { dueAt: 1 }, returnDocument: 'after' },
      )
      .lean();
    return claimed ?? undefined;
  }

  async hasPending(userId: string): Promise<boolean> {
    return (await this.models.pendingRevocations.exists({ userId })) !== null;
  }

  async postpone(id: string, dueAt: Date): Promise<void> {
    await this.models.pendingRevocations.updateOne({ _id: id }, { $set: { dueAt } });
  }

  /** Replaces the tokens that a revocation needed to refresh. */
  async replaceTokens(
    id: string,
    tokens: Pick<PendingRevocation, 'zoomAccessToken' | 'zoomAccessTokenExpiry' | 'zoomRefreshToken'>,
  ): Promise<void> {
    await this.models.pendingRevocations.updateOne({ _id: id }, { $set: tokens });
  }

  /** Deletes the entry and with it the last copy of the sealed tokens. */
  async remove(id: string): Promise<void> {
    await this.models.pendingRevocations.deleteOne({ _id: id });
  }
}
