import { type Models } from '../models/database';
import { type DisconnectReason, type Grant, toGrant } from './grant';
import { type Sealed } from './token-cipher';

/** Everything an ended grant loses: the tokens, and what only a live one needs. */
const UNSET_AT_END = {
  zoomAccessToken: 1,
  zoomRefreshToken: 1,
  zoomAccessTokenExpiry: 1,
  refreshTokenIssuedAt: 1,
  refreshLease: 1,
  refreshBackoff: 1,
  unsettledAttempt: 1,
} as const;

/** What a former grant of the same user leaves behind and a new one must not inherit. */
const UNSET_AT_BEGIN = [
  ...['reason', 'revokedAt', 'lastRefreshAttempt', 'lastUsedAt', 'deviceInfo'],
  ...['zoomUserId', 'zoomEmail', 'zoomAccountId', 'zoomApiUrl'],
];

const LAST_USED_RESOLUTION_MS = 60_000;
const DUPLICATE_KEY = 11000;

/** `conflict`: what was read is no longer so; read again and decide again. */
export type WriteOutcome = 'stored' | 'conflict';

/** What an authorization stores. */
export interface Authorization {
  userId: string;
  accessToken: Sealed;
  refreshToken?: Sealed;
  accessTokenExpiry: Date;
  zoomUserId?: string;
  zoomEmail?: string;
  zoomAccountId?: string;
  zoomApiUrl?: string;
  grantedScopes: string[];
  deviceInfo?: { userAgent?: string; ipAddress?: string };
}

/** Reads grants and begins and ends them. Each write is one atomic operation on one document, guarded by what was read. */
export class GrantStore {
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

  /** The connected grant of a Zoom user. There is at most one (partial unique index). */
  async findActiveByZoomUser(zoomUserId: string): Promise<Grant | undefined> {
    const row = await this.models.grants.findOne({ zoomUserId, isActive: true }).lean();
    return row ? toGrant(row) : undefined;
  }

  /**
   * Stores an authorization if the row still stands at `expectedGeneration` (undefined: if there is none yet).
   * Answers `conflict` when it does not, or when another user is still connected to the same Zoom user.
   */
  authorize(
    authorization: Authorization,
    expectedGeneration: number | undefined,
    now: Date,
  ): Promise<WriteOutcome> {
    const { userId, accessToken, refreshToken, accessTokenExpiry, ...identity } = authorization;
    const tokens = {
      zoomAccessToken: accessToken,
      zoomAccessTokenExpiry: accessTokenExpiry,
      ...(refreshToken && { zoomRefreshToken: refreshToken, refreshTokenIssuedAt: now }),
    };
    return this.#begin(userId, expectedGeneration, { ...tokens, ...identity, isActive: true }, now);
  }

  /** Stores that the user authorized and lost the grant at once to another user of the same Zoom user. */
  authorizeSuperseded(
    { userId, zoomUserId, zoomEmail, zoomAccountId, grantedScopes }: Authorization,
    expectedGeneration: number | undefined,
    now: Date,
  ): Promise<WriteOutcome> {
    const ended = {
      zoomUserId,
      zoomEmail,
      zoomAccountId,
      grantedScopes,
      isActive: false,
      reason: 'SUPERSEDED',
    };
    return this.#begin(userId, expectedGeneration, ended, now);
  }

  async #begin(
    userId: string,
    generation: number | undefined,
    fields: object,
    now: Date,
  ): Promise<WriteOutcome> {
    const begun = {
      ...defined(fields),
      authorizedAt: now,
      since: now,
      isRevoked: false,
      refreshErrorCount: 0,
    };
    try {
      if (generation === undefined) {
        await this.models.grants.create({
          userId,
          ...begun,
          tokenVersion: 1,
          refreshAttempt: 1,
          grantGeneration: 1,
        });
        return 'stored';
      }
      const next = (field: string) => ({ $add: [field, 1] });
      const { matchedCount } = await this.models.grants.collection.updateOne(
        { userId, grantGeneration: generation },
        [
          { $unset: [...Object.keys(UNSET_AT_END), ...UNSET_AT_BEGIN] },
          { $set: literals(begun) },
          { $set: { refreshAttempt: next('$refreshAttempt'), grantGeneration: next('$grantGeneration') } },
          // The version goes on from the attempts handed out, so that no older attempt can look newer.
          { $set: { tokenVersion: '$refreshAttempt' } },
        ],
      );
      return matchedCount === 1 ? 'stored' : 'conflict';
    } catch (error) {
      if ((error as { code?: unknown }).code === DUPLICATE_KEY) return 'conflict';
      throw error;
    }
  }

  /** Records that Zoom no longer accepts the grant as it was read. False when it has changed meanwhile. */
  async end(grant: Grant, reason: DisconnectReason, now: Date): Promise<boolean> {
    const { userId, grantGeneration, tokenVersion } = grant;
    const { matchedCount } = await this.models.grants.updateOne(
      { userId, grantGeneration, tokenVersion, isActive: true },
      { $set: { isActive: false, reason, since: now }, $unset: UNSET_AT_END },
    );
    return matchedCount === 1;
  }

  /** Records that another user's authorization has replaced the grant at Zoom. False when it has changed meanwhile. */
  async supersede({ userId, grantGeneration }: Grant, now: Date): Promise<boolean> {
    const { matchedCount } = await this.models.grants.updateOne(
      { userId, grantGeneration, isActive: true },
      {
        $set: { isActive: false, reason: 'SUPERSEDED', since: now },
        $unset: UNSET_AT_END,
        $inc: { grantGeneration: 1 },
      },
    );
    return matchedCount === 1;
  }

  /** Ends the grant on purpose: final at once. False when its generation has changed meanwhile. */
  async revoke({ userId, grantGeneration }: Grant, reason: DisconnectReason, now: Date): Promise<boolean> {
    const { matchedCount } = await this.models.grants.updateOne(
      { userId, grantGeneration, isRevoked: false },
      {
        $set: { isActive: false, isRevoked: true, revokedAt: now, reason, since: now },
        $unset: UNSET_AT_END,
        $inc: { grantGeneration: 1 },
      },
    );
    return matchedCount === 1;
  }

  /** Notes that the grant was used; at most one write a minute and user. */
  async touch({ userId, lastUsedAt }: Pick<Grant, 'userId' | 'lastUsedAt'>, now: Date): Promise<void> {
    const due = new Date(now.getTime() - LAST_USED_RESOLUTION_MS);
    if (lastUsedAt && lastUsedAt > due) return;
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

function defined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** In a pipeline a string that begins with `$` is a path; `$literal` keeps user data data. */
function literals(fields: object): Record<string, { $literal: unknown }> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, { $literal: value as unknown }]),
  );
}
