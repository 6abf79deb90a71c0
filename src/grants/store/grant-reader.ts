import { type AuditEvent } from '../../models/audit-event.js';
import { type Models } from '../../models/database.js';
import { type DisconnectReason } from '../../models/user-oauth-token.js';
import { type Grant, toGrant } from '../grant.js';
import { type GrantFilter, type GrantPlace, listQuery } from './grant-list.js';

/** The ends that only Zoom can explain: it refused the refresh token and gave no reason. */
const REFUSALS: DisconnectReason[] = ['REFRESH_TOKEN_REJECTED', 'ROTATION_LOST'];

/** Reads grants. */
export class GrantReader {
  constructor(protected readonly models: Pick<Models, 'grants'>) {}

  async find(userId: string): Promise<Grant | undefined> {
    const row = await this.models.grants.findOne({ userId }).lean();
    return row ? toGrant(row) : undefined;
  }

  /** All in one read, by user id. Users without a row are absent. */
  async findMany(userIds: readonly string[]): Promise<Map<string, Grant>> {
    const rows = await this.models.grants.find({ userId: { $in: [...userIds] } }).lean();
    return new Map(rows.map((row) => [row.userId, toGrant(row)]));
  }

  /** The events of the user's grant that have not moved to the audit trail yet, the oldest first. */
  async waitingEvents(userId: string): Promise<AuditEvent[]> {
    const row = await this.models.grants.findOne({ userId }, { outbox: 1 }).lean();
    return row?.outbox ?? [];
  }

  /** At most `limit` grants, in the order that the filter has (`isByTime`), from `after` on. */
  async list(filter: GrantFilter, limit: number, after?: GrantPlace): Promise<Grant[]> {
    const query = listQuery(filter, after);
    const rows = await this.models.grants.find(query.filter).sort(query.sort).limit(limit).lean();
    return rows.map(toGrant);
  }

  /** How many grants there are. Counting ends above `most`: the result is then larger than `most`. */
  async count(filter: GrantFilter, most: number): Promise<number> {
    return this.models.grants.countDocuments(listQuery(filter).filter).limit(most + 1);
  }

  /** The connected grant of a Zoom user. There is at most one (partial unique index). */
  async findActiveByZoomUser(zoomUserId: string): Promise<Grant | undefined> {
    const row = await this.models.grants.findOne({ zoomUserId, isActive: true }).lean();
    return row ? toGrant(row) : undefined;
  }

  /** Grants of a Zoom user that ended after `after` because Zoom refused their refresh token without a reason. */
  async findRefused(zoomUserId: string, after: Date): Promise<Grant[]> {
    const rows = await this.models.grants
      .find({
        zoomUserId,
        // defence: older-refusals-keep-their-reason
        since: { $gt: after },
        isActive: false,
        isRevoked: false,
        reason: { $in: REFUSALS },
      })
      .lean();
    return rows.map(toGrant);
  }

  /**
   * Connected grants whose refresh token was issued before `issuedBefore` and that nobody tried to refresh since
   * `triedBefore`, the oldest first. Those that Zoom refuses to refresh have a list of their own, so that however many
   * they are, they take the turn of no other grant.
   */
  async findIdle(issuedBefore: Date, triedBefore: Date, limit: number): Promise<Grant[]> {
    const rows = await this.models.grants
      .find({
        isActive: true,
        refreshTokenIssuedAt: { $lt: issuedBefore },
        /* defence: keep-alive-passes-over-refused */ 'refreshRefusal.since': null,
        $or: [{ lastRefreshAttempt: null }, { lastRefreshAttempt: { $lt: triedBefore } }],
      })
      .sort({ refreshTokenIssuedAt: 1 })
      .limit(limit)
      .lean();
    return rows.map(toGrant);
  }

  /**
   * Connected grants that Zoom refuses to refresh, that may be tried again at `now`, and that nobody tried to refresh
   * since `triedBefore`: those whose last try is the longest ago come first.
   */
  async findRefusalsToRetry(triedBefore: Date, now: Date, limit: number): Promise<Grant[]> {
    const rows = await this.models.grants
      .find({
        isActive: true,
        'refreshRefusal.latest': { $lt: triedBefore },
        lastRefreshAttempt: { $lt: triedBefore },
        'refreshBackoff.retryAt': { $lte: now },
      })
      .sort({ lastRefreshAttempt: 1 })
      .limit(limit)
      .lean();
    return rows.map(toGrant);
  }

  /**
   * Grants whose tokens are in doubt and that one further refresh should settle now, the longest untried
   * first: one that cannot be refreshed keeps no other from its turn. Any refresh settles a contest, so the grants of
   * {@link GrantReader.findRefusalsToRetry} need no second turn.
   */
  async findContested(now: Date, limit: number): Promise<Grant[]> {
    const rows = await this.models.grants
      .find({ 'contest.settleAt': { $lte: now }, 'refreshRefusal.since': null })
      .sort({ lastRefreshAttempt: 1 })
      .limit(limit)
      .lean();
    return rows.map(toGrant);
  }
}
