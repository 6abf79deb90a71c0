import { type AuditLog, type AuditRecord, type Initiator } from '../../audit/audit-log.js';
import { type Clock } from '../../lib/clock.js';
import { isDuplicateKey } from '../../lib/duplicate-key.js';
import { type AuditEvent } from '../../models/audit-event.js';
import { type Models } from '../../models/database.js';
import { SCHEMA_VERSION } from '../../models/schema-version.js';
import { OWN_GRANT } from '../../models/own-grant.js';
import { type Grant } from '../grant.js';
import { endStages, ERASED_WITH_ZOOM_USER } from './end-of-grant.js';
import { addToOutbox, type GrantOutbox, type OutboxRow } from './grant-outbox.js';
import { GrantReader } from './grant-reader.js';
import { connectedFields, literals, type NewGrant, supersededFields, UNSET_AT_BEGIN } from './new-grant.js';
import { RecentUses } from '../../lib/recent-uses.js';

const LAST_USED_RESOLUTION_MS = 60_000;

/**
 * The grants: reads them, begins them and ends them. What a refresh writes is in `RefreshStore`; nothing else writes
 * the collection.
 *
 * Every change is one atomic operation on one document. Its filter names what was read before the decision
 * (compare-and-set), so a decision about a state that no longer holds changes nothing: the method answers false, and the
 * caller reads and decides again. Each change that others must not miss raises the generation, and stores its audit
 * event in the same operation.
 */
export class GrantStore extends GrantReader {
  readonly #uses = new RecentUses(LAST_USED_RESOLUTION_MS);

  constructor(
    models: Pick<Models, 'grants'>,
    private readonly audit: AuditLog,
    private readonly outbox: GrantOutbox,
    private readonly clock: Clock,
  ) {
    super(models);
  }

  /**
   * Stores an authorization. `own` is the user's row as it was read, undefined if there was none. False when it has
   * changed since, and when another user is still connected to the same Zoom user (unique index).
   */
  begin(grant: NewGrant, own: Grant | undefined, initiator: Initiator): Promise<boolean> {
    const event = this.#draft('grant.authorized', { ...grant, own, initiator });
    return this.#begin(own, connectedFields(grant, event.occurredAt), event);
  }

  /** Stores that the user authorized, and that another user's later authorization replaced it at Zoom. False as above. */
  beginSuperseded(grant: NewGrant, own: Grant | undefined, initiator: Initiator): Promise<boolean> {
    const event = this.#draft('grant.superseded', { ...grant, own, initiator, cause: 'SUPERSEDED' });
    return this.#begin(own, supersededFields(grant, event.occurredAt), event);
  }

  /** Ends a grant that another user's authorization has replaced at Zoom. False when it has changed since it was read. */
  supersede(seen: Grant, initiator: Initiator): Promise<boolean> {
    const cause = 'SUPERSEDED';
    const event = this.#draft('grant.superseded', { ...seen, own: seen, initiator, cause });
    return this.#change(
      /* defence: takeover-ends-what-it-has-seen */ asRead(seen),
      endStages(cause, event.occurredAt),
      event,
    );
  }

  /** Ends a grant on purpose, finally and at once. False when it has changed since it was read. */
  revoke(
    seen: Grant,
    cause: 'REVOKED_BY_USER' | 'DEAUTHORIZED_AT_ZOOM',
    initiator: Initiator,
  ): Promise<boolean> {
    // A grant that has ended already has no tokens that Zoom could be asked to revoke.
    const isErased = cause === 'DEAUTHORIZED_AT_ZOOM' || !seen.isActive;
    const zoomUserId = isErased ? undefined : seen.zoomUserId;
    const event = this.#draft('grant.revoked', {
      userId: seen.userId,
      zoomUserId,
      own: seen,
      initiator,
      cause,
    });
    return this.#change(
      { /* defence: disconnect-ends-what-it-has-seen */ ...asRead(seen), isRevoked: false },
      [
        ...endStages(cause, event.occurredAt),
        { $set: { isRevoked: true, revokedAt: { $literal: event.occurredAt } } },
        // Zoom wants the data of a user who removed the app deleted (docs/zoom-protocol.md §7).
        // defence: deauthorization-erases-identity
        ...(isErased ? [{ $unset: ERASED_WITH_ZOOM_USER }] : []),
      ],
      event,
    );
  }

  /**
   * Notes that a code is about to be redeemed. Zoom then revokes the stored tokens if the same Zoom user has consented.
   * If this process dies before the new tokens are stored, the note explains why Zoom refuses the old ones.
   */
  async noteRedemption({ userId, grantGeneration }: Grant): Promise<void> {
    await this.models.grants.updateOne(
      { userId, grantGeneration, isActive: true },
      { $set: { unsettledAuthorization: this.clock() } },
    );
  }

  /** Removes the note: Zoom has not redeemed the code. */
  async clearRedemption({ userId, grantGeneration }: Grant): Promise<void> {
    await this.models.grants.updateOne(
      { userId, grantGeneration },
      { $unset: { unsettledAuthorization: 1 } },
    );
  }

  /** Notes that the grant was used: at most one write a minute and grant, and one command of each process. */
  async touch({ userId, grantGeneration, lastUsedAt }: Grant): Promise<void> {
    const now = this.clock();
    const due = new Date(now.getTime() - LAST_USED_RESOLUTION_MS);
    if (lastUsedAt && lastUsedAt > due) return;
    if (!this.#uses.claim(`${grantGeneration} ${userId}`, now)) return;
    await this.models.grants.updateOne(
      { userId, isActive: true, $or: [{ lastUsedAt: null }, { lastUsedAt: { $lte: due } }] },
      { $set: { lastUsedAt: now } },
    );
  }

  async #begin(own: Grant | undefined, fields: object, event: AuditEvent): Promise<boolean> {
    try {
      if (!own) return await this.#insert(fields, event);
      return await this.#change(
        /* defence: authorization-replaces-what-it-has-seen */ asRead(own),
        [
          { $unset: UNSET_AT_BEGIN },
          { $set: literals(fields) },
          { $set: { refreshAttempt: { $add: ['$refreshAttempt', 1] } } },
          // The version continues from the fencing tokens handed out, so that no older attempt can look newer.
          // defence: reconnect-raises-the-version
          { $set: { tokenVersion: '$refreshAttempt' } },
        ],
        event,
      );
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async #insert(fields: object, event: AuditEvent): Promise<boolean> {
    const first = { tokenVersion: 1, refreshAttempt: 1, grantGeneration: 1, schemaVersion: SCHEMA_VERSION };
    const waiting = { outbox: [event], outboxSince: event.occurredAt };
    await this.models.grants.collection.insertOne({
      ...fields,
      ...first,
      /* defence: authorization-has-its-event */ ...waiting,
    });
    await this.outbox.drain({ userId: event.userId, outbox: [event] });
    return true;
  }

  /** Changes a row that still stands as `filter` says, raises its generation, and moves its events to the trail. */
  async #change(filter: object, stages: object[], event: AuditEvent): Promise<boolean> {
    const row = await this.models.grants.collection.findOneAndUpdate(
      { ...OWN_GRANT, ...filter },
      [
        ...stages,
        // The unique indexes compare rows of one version.
        // defence: change-writes-the-version
        { $set: { schemaVersion: SCHEMA_VERSION } },
        // defence: change-raises-the-generation
        { $set: { grantGeneration: { $add: ['$grantGeneration', 1] } } },
        // defence: change-has-its-event
        addToOutbox(event),
      ],
      { returnDocument: 'after' },
    );
    await this.outbox.drain(row as OutboxRow | null);
    return row !== null;
  }

  #draft(
    type: AuditRecord['type'],
    about: Pick<AuditRecord, 'userId' | 'initiator' | 'zoomUserId' | 'cause'> & { own: Grant | undefined },
  ): AuditEvent {
    const { userId, initiator, zoomUserId, cause, own } = about;
    const grantGeneration = (own?.grantGeneration ?? 0) + 1;
    return this.audit.draft({ type, userId, initiator, zoomUserId, cause, grantGeneration });
  }
}

/**
 * Finds the row of a grant only while nothing has changed since it was read. Each change with an event moves one of
 * these fields, so the events of a row are dated in the order of its changes.
 */
function asRead({ userId, grantGeneration, tokenVersion, refreshErrorCount, isActive }: Grant) {
  return {
    userId,
    grantGeneration,
    /* defence: change-knows-of-refreshes */ tokenVersion,
    /* defence: change-knows-of-failures */ refreshErrorCount,
    isActive,
  };
}
