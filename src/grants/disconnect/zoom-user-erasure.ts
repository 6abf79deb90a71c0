import { type TrailErasure } from '../../audit/trail-erasure.js';
import { type Grant } from '../grant.js';
import { type GrantErasure } from '../store/grant-erasure.js';
import { type GrantOutbox } from '../store/grant-outbox.js';
import { type GrantReader } from '../store/grant-reader.js';

/**
 * Deletes what is known about a Zoom user who has removed the app (docs/zoom-protocol.md §7): in every grant that has
 * ended, whatever ended it and whoever's it is, and in the trails. What a user has consented to since stays.
 */
export class ZoomUserErasure {
  constructor(
    private readonly dependencies: {
      grants: Pick<GrantReader, 'find' | 'findActiveByZoomUser'>;
      erasure: GrantErasure;
      trail: TrailErasure;
      outbox: Pick<GrantOutbox, 'drainOf'>;
    },
  ) {}

  /**
   * Erases what was known until then (UTC). May be repeated. Rejects when the database is away, or events of a grant
   * cannot be moved to the trail.
   */
  async erase(zoomUserId: string, removedAt: Date): Promise<void> {
    const { grants, erasure, trail } = this.dependencies;
    const until = lastBefore(await grants.findActiveByZoomUser(zoomUserId), removedAt);
    // defence: removal-erases-ended-grants
    const ended = await erasure.ofZoomUser(zoomUserId, until);
    for (const userId of new Set([...ended, ...(await trail.usersOf(zoomUserId, until))]))
      if (hasEndedBy(await grants.find(userId), until)) await this.#eraseTrail(userId, until);
    // defence: removal-erases-trail
    await trail.ofZoomUser(zoomUserId, until);
  }

  /** Everything in the trail of a user who has not consented again. */
  async #eraseTrail(userId: string, until: Date): Promise<void> {
    const { erasure, trail, outbox } = this.dependencies;
    await outbox.drainOf(userId);
    if (await erasure.hasWaitingEvents(userId))
      throw new Error('events wait to be moved to the trail, so it cannot be erased yet');
    await trail.ofUser(userId, until);
  }
}

/** A connection that stands was consented to after the removal, however close the clocks say. */
function lastBefore(connected: Grant | undefined, removedAt: Date): Date {
  if (!connected || connected.authorizedAt > removedAt) return removedAt;
  return new Date(connected.authorizedAt.getTime() - 1);
}

/** Whether the user's last consent was given until then. Other Zoom users may have been connected since. */
function hasEndedBy(grant: Grant | undefined, until: Date): boolean {
  return !grant || (!grant.isActive && grant.authorizedAt <= until);
}
