import { type AuditLog, type AuditRecord } from '../../audit/audit-log.js';
import { type Clock } from '../../lib/clock.js';
import { isDuplicateKey } from '../../lib/duplicate-key.js';
import { type AuditEvent } from '../../models/audit-event.js';
import { type Models } from '../../models/database.js';
import { OWN_GRANT } from '../../models/own-grant.js';
import { type DisconnectReason, type UserOAuthToken } from '../../models/user-oauth-token.js';
import { isKeptInTrail } from '../failure-record-policy.js';
import { type Grant, toGrant } from '../grant.js';
import { type SealedTokenSet } from '../token-set.js';
import { endStages } from './end-of-grant.js';
import { failureStages } from './failure-stages.js';
import { addToOutbox, type GrantOutbox } from './grant-outbox.js';
import { type FailedAttempt, type RefreshLease } from './refresh-lease.js';
import { leaseStages, rotationStages } from './refresh-stages.js';

/** Why, for whom and with which answer of Zoom a refresh changed the grant: what its audit event says. */
export type RefreshFacts = Pick<AuditRecord, 'initiator' | 'zoomTrackingId'>;

/**
 * The writes of a refresh.
 *
 * Two refreshes at once must not both be sent, and the last pair that Zoom issued must be the stored one. The first is
 * what the lease is for: one instance holds it, timed by the database's clock (`$$NOW`), so the clocks of the instances
 * do not matter. A lease can be lost to a pause or a slow network, so it never decides about correctness. That is what
 * the fencing token is for: each lease takes the next number, and {@link RefreshStore.rotate} stores tokens only if the
 * stored ones have a lower number and the grant is of the same generation. An older answer therefore never replaces a
 * newer one, a refresh never outlives a disconnect or a reconnect, and a write may be repeated until it succeeds. What
 * the numbers cannot tell is which of two requests Zoom answered last: such a pair is marked as contested, in the row,
 * so that one further refresh settles it whoever dies meanwhile.
 */
export class RefreshStore {
  constructor(
    private readonly models: Pick<Models, 'grants'>,
    private readonly audit: AuditLog,
    private readonly outbox: GrantOutbox,
    private readonly clock: Clock,
    /** How long a lease lasts without renewal, ms. */
    readonly leaseTtlMs: number,
  ) {}

  /** Takes the lease if the grant still stands as it was read and nobody else holds it; else undefined. */
  async acquireLease(seen: Grant, owner: string): Promise<RefreshLease | undefined> {
    const { userId, tokenVersion, grantGeneration, refreshErrorCount } = seen;
    const askedAt = performance.now();
    const row = await this.#update(
      // The error count shows whether a refresh has failed since the grant was read: its backoff must be decided on first.
      {
        userId,
        tokenVersion,
        grantGeneration,
        /* defence: lease-knows-of-failures */ refreshErrorCount,
        isActive: true,
      },
      leaseStages(owner, this.leaseTtlMs, this.clock()),
    );
    if (row?.refreshLease?.owner !== owner) return undefined;
    return {
      owner,
      fencingToken: row.refreshAttempt,
      askedAt,
      grant: toGrant(row),
      // defence: unsettled-attempt-is-remembered
      earlierOutcomeUnknown: row.unsettledAttempt !== row.refreshAttempt,
      formerOwnerSilent: Boolean(row.refreshLease.formerOwner),
    };
  }

  /** Extends the lease of an owner that still waits for Zoom or for the database. False once it is lost. */
  async renewLease({ owner, grant }: RefreshLease): Promise<boolean> {
    const { matchedCount } = await this.models.grants.collection.updateOne(
      { ...OWN_GRANT, userId: grant.userId, 'refreshLease.owner': owner },
      [{ $set: { 'refreshLease.expiresAt': { $add: ['$$NOW', this.leaseTtlMs] } } }],
    );
    return matchedCount === 1;
  }

  /**
   * Stores rotated tokens and answers with the grant as it is then. Undefined when they are stale: a newer attempt has
   * stored its own, or the grant has ended or begun again since. A grant that was given up while this write was on its
   * way is connected again. The event is dated to the write, since what a late write heals came before it. `isUse`: the
   * refresh was for a caller, so the grant counts as used.
   */
  async rotate(
    lease: RefreshLease,
    tokens: SealedTokenSet,
    { isUse, ...facts }: RefreshFacts & { cause: string; isUse: boolean },
  ): Promise<Grant | undefined> {
    const { fencingToken, grant } = lease;
    const { userId, grantGeneration } = grant;
    const event = this.#draft('access_token.refreshed', lease, { ...facts, tokenVersion: fencingToken });
    try {
      const row =
        (await this.#update(
          // defence: stored-tokens-are-guarded
          {
            userId,
            /* defence: rotation-of-this-generation */ grantGeneration,
            /* defence: newer-tokens-stay */ tokenVersion: { $lt: fencingToken },
          },
          [
            ...rotationStages(lease, tokens, { now: event.occurredAt, isUse, leaseTtlMs: this.leaseTtlMs }),
            // defence: rotation-has-its-event
            addToOutbox(event),
          ],
        )) ??
        // A write whose acknowledgement was lost is found by its own fencing token.
        // defence: own-write-is-recognised
        (await this.models.grants.findOne({ userId, grantGeneration, tokenVersion: fencingToken }).lean());
      await this.outbox.drain(row);
      return row ? toGrant(row) : undefined;
    } catch (error) {
      // Another user has connected the same Zoom user since this grant was given up.
      // defence: late-write-leaves-a-taken-zoom-user
      if (isDuplicateKey(error)) return undefined;
      throw error;
    }
  }

  /**
   * Marks the stored tokens as contested: Zoom may have answered this attempt after the one that stored them, or after
   * one that is still under way. No change when the grant has ended or begun again since.
   */
  async contest({ grant }: RefreshLease): Promise<Grant | undefined> {
    const { userId, grantGeneration } = grant;
    const contest = { upTo: '$refreshAttempt', settleAt: { $literal: this.clock() } };
    const row = await this.#update({ userId, grantGeneration, isActive: true }, [{ $set: { contest } }]);
    return row ? toGrant(row) : undefined;
  }

  /**
   * Ends a grant whose refresh token Zoom refuses. False when it has changed since the lease was taken, and when a later
   * attempt has begun: whether that one has brought tokens is for its owner to record.
   */
  async end(lease: RefreshLease, reason: DisconnectReason, facts: RefreshFacts): Promise<boolean> {
    const { userId, grantGeneration, tokenVersion } = lease.grant;
    const event = this.#draft('grant.ended', lease, { ...facts, cause: reason });
    const row = await this.#update(
      {
        userId,
        grantGeneration,
        /* defence: refreshed-grant-does-not-end */ tokenVersion,
        /* defence: last-attempt-ends */ refreshAttempt: lease.fencingToken,
        isActive: true,
      },
      [...endStages(reason, event.occurredAt), addToOutbox(event)],
    );
    await this.outbox.drain(row);
    return row !== null;
  }

  /** Gives the lease back after a failure that leaves the grant as it is. False, and no change, when it is lost. */
  async settleFailure(lease: RefreshLease, failure: FailedAttempt, facts: RefreshFacts): Promise<boolean> {
    const { outcomeKnown, backoff, refusal } = failure;
    const isSettled =
      /* defence: lost-answer-leaves-a-doubt */ outcomeKnown &&
      /* defence: earlier-doubt-stays */ !lease.earlierOutcomeUnknown;
    const cause = refusal?.cause ?? backoff?.code;
    const event = backoff && this.#draft('refresh.failed', lease, { ...facts, cause });
    const isKept = event !== undefined && isKeptInTrail(lease.grant.recordedFailure, event);
    const row = await this.#update(
      {
        userId: lease.grant.userId,
        /* defence: own-lease-is-given-back */ 'refreshLease.owner': lease.owner,
      },
      [
        { $unset: ['refreshLease', ...(isSettled ? ['unsettledAttempt'] : [])] },
        ...(event ? failureStages(failure, event, isKept) : []),
      ],
    );
    await this.outbox.drain(row);
    // defence: failure-outside-the-trail-is-counted
    if (row && event && !isKept) this.audit.observe(event);
    return row !== null;
  }

  #draft(
    type: AuditRecord['type'],
    { grant }: RefreshLease,
    facts: RefreshFacts & Pick<AuditRecord, 'cause' | 'tokenVersion'>,
  ): AuditEvent {
    return this.audit.draft({
      type,
      userId: grant.userId,
      grantGeneration: grant.grantGeneration,
      ...facts,
    });
  }

  #update(filter: object, stages: object[]): Promise<UserOAuthToken | null> {
    return this.models.grants.collection.findOneAndUpdate({ ...OWN_GRANT, ...filter }, stages, {
      returnDocument: 'after',
    }) as unknown as Promise<UserOAuthToken | null>;
  }
}
