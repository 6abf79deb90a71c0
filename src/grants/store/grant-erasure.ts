import { OWN_GRANT } from '../../models/own-grant.js';
import { type Models } from '../../models/database.js';
import { ERASED_WITH_ZOOM_USER } from './end-of-grant.js';

const ERASE = { $unset: Object.fromEntries(ERASED_WITH_ZOOM_USER.map((field) => [field, 1])) };

/**
 * Takes what is known about the Zoom user out of grants that have ended. Only a connected grant needs it, and one whose
 * refresh token Zoom refused: the reason may still come (`GrantReader.findRefused`). No change of the connection: it has
 * no event and leaves the generation as it is.
 */
export class GrantErasure {
  constructor(private readonly models: Pick<Models, 'grants'>) {}

  /** Erases a grant that was ended on purpose. */
  async ofRevoked(userId: string): Promise<void> {
    await this.models.grants.collection.updateOne(
      { ...OWN_GRANT, userId, isActive: false, isRevoked: true },
      ERASE,
    );
  }

  /**
   * Erases the ended grants of a Zoom user that were authorized until then (UTC, included). Returns whose they are.
   */
  async ofZoomUser(zoomUserId: string, until: Date): Promise<string[]> {
    const ended = { zoomUserId, isActive: false, authorizedAt: { $lte: until } };
    const rows = await this.models.grants.find(ended, { userId: 1 }).lean();
    for (const { userId } of rows)
      await this.models.grants.collection.updateOne({ ...OWN_GRANT, ...ended, userId }, ERASE);
    return rows.map(({ userId }) => userId);
  }

  /** Whether events of the user's grant have not reached the trail yet. */
  async hasWaitingEvents(userId: string): Promise<boolean> {
    return (await this.models.grants.exists({ userId, outboxSince: { $exists: true } })) !== null;
  }
}
