import { type AuditFacts } from '../../models/audit-event.js';
import { type Models } from '../../models/database.js';
import { type UserOAuthToken } from '../../models/user-oauth-token.js';
import { type Grant, toGrant } from '../grant.js';
import { endedBy, type EndingEvent, UNSET_AT_END } from './grant-store.js';
import { type RefreshLease, type RotatedTokens, type SettledFailure } from './refresh-lease.js';

/** What became of the write of rotated tokens. */
export type RotateOutcome = 'landed' | 'landed_late' | 'stale';

const DUPLICATE_KEY = 11000;
/** Zoom redeems a code for five minutes (zoom-protocol §2). */
const AUTHORIZATION_CODE_LIFETIME_MS = 5 * 60_000;

/**
 * The writes of a refresh. The lease keeps instances from asking Zoom twice; what keeps the tokens right is the
 * guard of {@link RefreshStore.rotate}. A lease is timed by the database's clock (`$$NOW`), so the clocks of the
 * instances do not matter.
 */
export class RefreshStore {
  constructor(
    private readonly models: Models,
    /** How long a lease outlives its owner. */
    readonly leaseTtlMs: number,
  ) {}

  /** Takes the lease if the grant still stands as it was read and nobody holds one; else undefined. */
  async acquireLease(seen: Grant, owner: string, now: Date): Promise<RefreshLease | undefined> {
    const { userId, tokenVersion, grantGeneration, refreshErrorCount } = seen;
    const askedAt = performance.now();
    const row = (await this.models.grants.collection.findOneAndUpdate(
      // The count tells of a failure since then, whose backoff nobody has decided about yet.
      { userId, tokenVersion, grantGeneration, refreshErrorCount, isActive: true },
      this.#leasePipeline(owner, now),
      { returnDocument: 'after' },
    )) as unknown as UserOAuthToken | null;
    if (row?.refreshLease?.owner !== owner) return undefined;
    return {
      owner,
      attempt: row.refreshAttempt,
      askedAt,
      grant: toGrant(row),
      earlierOutcomeUnknown: row.unsettledAttempt !== row.refreshAttempt,
      firstUnsettled: row.unsettledAttempt ?? row.refreshAttempt,
      formerOwnerSilent: Boolean(row.refreshLease.formerOwner),
    };
  }

  /** The lease if it is free by the database's clock, and then the number of the attempt; else no change at all. */
  #leasePipeline(owner: string, now: Date): object[] {
    const free = { $lte: [{ $ifNull: ['$refreshLease.expiresAt', new Date(0)] }, '$$NOW'] };
    const lease = {
      owner: { $literal: owner },
      formerOwner: { $ifNull: ['$refreshLease.owner', null] },
      expiresAt: { $add: ['$$NOW', this.leaseTtlMs] },
    };
    const ifOurs = (value: unknown, field: string) => ({
      $set: {
        [field]: { $cond: [{ $eq: ['$refreshLease.owner', { $literal: owner }] }, value, `$${field}`] },
      },
    });
    return [
      { $set: { refreshLease: { $cond: [free, lease, '$refreshLease'] } } },
      ifOurs({ $add: ['$refreshAttempt', 1] }, 'refreshAttempt'),
      ifOurs({ $ifNull: ['$unsettledAttempt', '$refreshAttempt'] }, 'unsettledAttempt'),
      ifOurs({ $literal: now }, 'lastRefreshAttempt'),
    ];
  }

  /** Keeps the lease for its owner, who is still waiting for Zoom or for the database. False once it is lost. */
  async renewLease({ owner, grant }: RefreshLease): Promise<boolean> {
    const { matchedCount } = await this.models.grants.collection.updateOne(
      { userId: grant.userId, 'refreshLease.owner': owner },
      [{ $set: { 'refreshLease.expiresAt': { $add: ['$$NOW', this.leaseTtlMs] } } }],
    );
    return matchedCount === 1;
  }

  /**
   * Stores rotated tokens. Lands only if no newer attempt has landed and the grant is of the same generation: so the
   * last answer that Zoom gave wins, however late it is written. `stale` otherwise; `landed_late` when a newer attempt
   * has begun and may have been answered later. `event` came with the answer.
   */
  async rotate(lease: RefreshLease, tokens: RotatedTokens, event: AuditFacts): Promise<RotateOutcome> {
    const { userId, grantGeneration } = lease.grant;
    const ours = { $eq: ['$refreshLease.owner', { $literal: lease.owner }] };
    const before = new Date(event.occurredAt.getTime() - AUTHORIZATION_CODE_LIFETIME_MS);
    const noCodeLeft = {
      $lte: [{ $ifNull: ['$unsettledAuthorization', new Date(0)] }, { $literal: before }],
    };
    const update = [
      {
        $set: {
          ...rotatedFields(tokens, event.occurredAt),
          tokenVersion: { $literal: lease.attempt },
          refreshErrorCount: { $literal: 0 },
          // A grant that was given up while this write was on its way is alive after all.
          since: { $cond: ['$isActive', '$since', { $literal: event.occurredAt }] },
          isActive: { $literal: true },
          unrecordedEvent: { $literal: event },
          refreshLease: { $cond: [ours, '$$REMOVE', '$refreshLease'] },
          unsettledAttempt: { $cond: [ours, '$$REMOVE', '$unsettledAttempt'] },
          // Zoom may redeem a younger code at any moment, after this answer too.
          unsettledAuthorization: { $cond: [noCodeLeft, '$$REMOVE', '$unsettledAuthorization'] },
        },
      },
      { $unset: ['reason', 'refreshBackoff'] },
    ];
    try {
      const { collection } = this.models.grants;
      const older = { userId, grantGeneration, tokenVersion: { $lt: lease.attempt } };
      const same = { userId, grantGeneration, tokenVersion: lease.attempt };
      const row =
        (await collection.findOneAndUpdate(older, update, { returnDocument: 'after' })) ??
        // A write whose acknowledgement was lost is found by its own attempt number.
        (await collection.findOne(same));
      if (!row) return 'stale';
      return row['refreshAttempt'] === lease.attempt ? 'landed' : 'landed_late';
    } catch (error) {
      // Another user has connected the Zoom user since this grant was given up.
      if ((error as { code?: unknown }).code === DUPLICATE_KEY) return 'stale';
      throw error;
    }
  }

  /**
   * Records that Zoom no longer accepts the grant. False when it has changed meanwhile, and when a later attempt has
   * begun: whether that one has brought tokens is for its owner to say.
   */
  async end({ grant, attempt }: RefreshLease, event: EndingEvent): Promise<boolean> {
    const { userId, grantGeneration, tokenVersion } = grant;
    const { matchedCount } = await this.models.grants.updateOne(
      { userId, grantGeneration, tokenVersion, refreshAttempt: attempt, isActive: true },
      { $set: { isActive: false, ...endedBy(event) }, $unset: UNSET_AT_END },
    );
    return matchedCount === 1;
  }

  /** Gives the lease back after a failure that leaves the grant as it is. False, and no change, if it is lost. */
  async settleFailure(lease: RefreshLease, failure: SettledFailure): Promise<boolean> {
    const { attempt, firstUnsettled, earlierOutcomeUnknown } = lease;
    // The one attempt in doubt has landed since, and there was none between it and this one.
    const isDoubtOver = failure.landedAttempt === firstUnsettled && firstUnsettled === attempt - 1;
    const settled = failure.outcomeKnown && (!earlierOutcomeUnknown || isDoubtOver);
    const { matchedCount } = await this.models.grants.updateOne(
      { userId: lease.grant.userId, 'refreshLease.owner': lease.owner },
      {
        $unset: { refreshLease: 1, ...(settled && { unsettledAttempt: 1 }) },
        ...(failure.backoff && {
          $set: { refreshBackoff: failure.backoff, unrecordedEvent: failure.event },
          $inc: { refreshErrorCount: 1 },
        }),
      },
    );
    return matchedCount === 1;
  }
}

function rotatedFields(tokens: RotatedTokens, now: Date): Record<string, { $literal: unknown }> {
  return {
    zoomAccessToken: { $literal: tokens.accessToken },
    zoomAccessTokenExpiry: { $literal: tokens.accessTokenExpiry },
    ...(tokens.refreshToken && {
      zoomRefreshToken: { $literal: tokens.refreshToken },
      refreshTokenIssuedAt: { $literal: now },
    }),
    ...(tokens.grantedScopes?.length && { grantedScopes: { $literal: tokens.grantedScopes } }),
    ...(tokens.zoomApiUrl && { zoomApiUrl: { $literal: tokens.zoomApiUrl } }),
  };
}
