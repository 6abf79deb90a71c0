import { type AuditFacts } from '../../models/audit-event.js';
import { type Models } from '../../models/database.js';
import { type DisconnectReason, type Grant, toGrant } from '../grant.js';
import { type ConnectionStatus } from '../grant-status.js';
import { RecentUses } from './recent-uses.js';

/** Everything an ended grant loses: the tokens, and what only a live one needs. */
export const UNSET_AT_END = {
  zoomAccessToken: 1,
  zoomRefreshToken: 1,
  zoomAccessTokenExpiry: 1,
  refreshTokenIssuedAt: 1,
  refreshLease: 1,
  refreshBackoff: 1,
  unsettledAttempt: 1,
  unsettledAuthorization: 1,
} as const;

/** What is known about the Zoom user. */
export const ZOOM_IDENTITY = { zoomUserId: 1, zoomEmail: 1, zoomAccountId: 1, zoomApiUrl: 1 } as const;

/** The audit event of a grant's end: its cause and its time are those of the grant. */
export type EndingEvent = AuditFacts & { cause: DisconnectReason };

/** Which grants are wanted. */
export interface GrantList {
  status?: StoredStatus;
  /** A user id. */
  after?: string;
  limit: number;
}

type StoredStatus = Exclude<ConnectionStatus, 'NOT_CONNECTED'>;

const STATUS_FIELDS: Record<StoredStatus, Pick<Grant, 'isActive' | 'isRevoked'>> = {
  CONNECTED: { isActive: true, isRevoked: false },
  REAUTHORIZATION_REQUIRED: { isActive: false, isRevoked: false },
  REVOKED: { isActive: false, isRevoked: true },
};

const LAST_USED_RESOLUTION_MS = 60_000;

/**
 * Reads grants and ends them. Each write is one atomic operation on one document, guarded by what was read, and
 * stores the audit event of the change with it.
 */
export class GrantStore {
  readonly #uses = new RecentUses(LAST_USED_RESOLUTION_MS);

  constructor(private readonly models: Models) {}

  async find(userId: string): Promise<Grant | undefined> {
    const row = await this.models.grants.findOne({ userId }).lean();
    return row ? toGrant(row) : undefined;
  }

  /** All in one read, by user id; users without a row are absent. */
  async findMany(userIds: readonly string[]): Promise<Map<string, Grant>> {
    const rows = await this.models.grants.find({ userId: { $in: [...userIds] } }).lean();
    return new Map(rows.map((row) => [row.userId, toGrant(row)]));
  }

  /** At most `limit` grants of a status, of all when none is given, by user id, from the one after `after` on. */
  async list({ status, after, limit }: GrantList): Promise<Grant[]> {
    const rows = await this.models.grants
      .find({ ...(status && STATUS_FIELDS[status]), ...(after !== undefined && { userId: { $gt: after } }) })
      .sort({ userId: 1 })
      .limit(limit)
      .lean();
    return rows.map(toGrant);
  }

  /** The connected grant of a Zoom user. There is at most one (partial unique index). */
  async findActiveByZoomUser(zoomUserId: string): Promise<Grant | undefined> {
    const row = await this.models.grants.findOne({ zoomUserId, isActive: true }).lean();
    return row ? toGrant(row) : undefined;
  }

  /** Grants of a Zoom user that ended later than `after` because Zoom refused them, which nobody could explain. */
  async findRefused(zoomUserId: string, after: Date): Promise<Grant[]> {
    const reason = { $in: ['REFRESH_TOKEN_REJECTED', 'ROTATION_LOST'] };
    const rows = await this.models.grants
      .find({ zoomUserId, since: { $gt: after }, isActive: false, isRevoked: false, reason })
      .lean();
    return rows.map(toGrant);
  }

  /** Records that another user's authorization has replaced the grant at Zoom. False when it has changed since read. */
  async supersede(grant: Grant, event: EndingEvent): Promise<boolean> {
    const { matchedCount } = await this.models.grants.updateOne(
      { ...asRead(grant), isActive: grant.isActive },
      {
        $set: { isActive: false, ...endedBy(event) },
        $unset: UNSET_AT_END,
        $inc: { grantGeneration: 1 },
      },
    );
    return matchedCount === 1;
  }

  /** Ends the grant on purpose: final at once. False when it has changed since it was read. */
  async revoke(grant: Grant, event: EndingEvent): Promise<boolean> {
    const { matchedCount } = await this.models.grants.updateOne(
      { ...asRead(grant), isRevoked: false },
      {
        $set: { isActive: false, isRevoked: true, revokedAt: event.occurredAt, ...endedBy(event) },
        // Zoom wants the data of a user who removed the app deleted (zoom-protocol §7).
        $unset: { ...UNSET_AT_END, ...(event.cause === 'DEAUTHORIZED_AT_ZOOM' && ZOOM_IDENTITY) },
        $inc: { grantGeneration: 1 },
      },
    );
    return matchedCount === 1;
  }

  /**
   * Notes that a code is about to be redeemed, which kills the stored tokens if the same Zoom user consented. Should
   * this process die before the new ones are stored, whoever is refused next knows why. Nothing to note without tokens.
   */
  async expectAuthorization({ userId, grantGeneration }: Grant, now: Date): Promise<void> {
    await this.models.grants.updateOne(
      { userId, grantGeneration, isActive: true },
      { $set: { unsettledAuthorization: now } },
    );
  }

  /** Takes that back: Zoom has not redeemed the code. */
  async unexpectAuthorization({ userId, grantGeneration }: Grant): Promise<void> {
    await this.models.grants.updateOne(
      { userId, grantGeneration },
      { $unset: { unsettledAuthorization: 1 } },
    );
  }

  /** Notes that the grant was used: at most one write a minute and grant, one command of each process. */
  async touch({ userId, grantGeneration, lastUsedAt }: Grant, now: Date): Promise<void> {
    const due = new Date(now.getTime() - LAST_USED_RESOLUTION_MS);
    if (lastUsedAt && lastUsedAt > due) return;
    if (!this.#uses.claim(`${grantGeneration} ${userId}`, now)) return;
    await this.models.grants.updateOne(
      { userId, isActive: true, $or: [{ lastUsedAt: null }, { lastUsedAt: { $lte: due } }] },
      { $set: { lastUsedAt: now } },
    );
  }

  /**
   * Connected grants whose refresh token was issued before `issuedBefore` and that nobody tried to refresh since
   * `triedBefore`, the oldest first.
   */
  async findIdle(issuedBefore: Date, triedBefore: Date, limit: number): Promise<Grant[]> {
    const rows = await this.models.grants
      .find({
        isActive: true,
        refreshTokenIssuedAt: { $lt: issuedBefore },
        $or: [{ lastRefreshAttempt: null }, { lastRefreshAttempt: { $lt: triedBefore } }],
      })
      .sort({ refreshTokenIssuedAt: 1 })
      .limit(limit)
      .lean();
    return rows.map(toGrant);
  }
}

/**
 * Finds the row of a grant only while it stands as it was read, and has no later event than was read: so events are in
 * the order of their changes, and none is written over before it is in the trail.
 */
export function asRead({ userId, grantGeneration, tokenVersion, unrecordedEvent }: Grant) {
  return {
    ...{ userId, grantGeneration, tokenVersion },
    'unrecordedEvent._id': { $in: [null, ...(unrecordedEvent ? [unrecordedEvent._id] : [])] },
  };
}

/** What an end stores of its event. */
export function endedBy(event: EndingEvent) {
  return { reason: event.cause, since: event.occurredAt, unrecordedEvent: event };
}
