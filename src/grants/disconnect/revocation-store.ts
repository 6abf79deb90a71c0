import { randomUUID } from 'node:crypto';
import { type Models } from '../../models/database.js';
import { Outbox } from '../../models/outbox.js';
import { type Claimed } from '../../models/outbox-entry.js';
import { type PendingRevocation } from '../../models/pending-revocation.js';
import { type Grant } from '../grant.js';

/** Longer than a refresh and a revocation at Zoom can take. */
const VISIBILITY_TIMEOUT_MS = 60_000;

/** The outbox of grants that are to be revoked at Zoom. */
export class RevocationStore extends Outbox<PendingRevocation> {
  constructor(private readonly models: Pick<Models, 'pendingRevocations'>) {
    super(models.pendingRevocations, VISIBILITY_TIMEOUT_MS);
  }

  /** Enqueues the grant's tokens, claimed by the caller. Undefined if the grant has none. */
  async enqueue(grant: Grant, now: Date): Promise<Claimed<PendingRevocation> | undefined> {
    if (!grant.accessToken || !grant.accessTokenExpiry) return undefined;
    const pending: Claimed<PendingRevocation> = {
      _id: randomUUID(),
      userId: grant.userId,
      grantGeneration: grant.grantGeneration,
      zoomAccessToken: grant.accessToken,
      zoomAccessTokenExpiry: grant.accessTokenExpiry,
      ...(grant.zoomUserId && { zoomUserId: grant.zoomUserId }),
      ...(grant.refreshToken && { zoomRefreshToken: grant.refreshToken }),
      requestedAt: now,
      attempts: 1,
      ...this.newClaim(now),
    };
    await this.models.pendingRevocations.create(pending);
    return pending;
  }

  async hasPending(userId: string): Promise<boolean> {
    return (await this.models.pendingRevocations.exists({ userId })) !== null;
  }

  /** Replaces the tokens after a revocation had to refresh them. */
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
