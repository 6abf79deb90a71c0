import { type AuditLog, type Initiator, SYSTEM_INITIATOR } from '../../audit/audit-log.js';
import { type BackgroundTasks } from '../../lib/background-tasks.js';
import { type Clock } from '../../lib/clock.js';
import { type Logger } from '../../lib/logger.js';
import { type Claimed } from '../../models/outbox-entry.js';
import { type PendingRevocation } from '../../models/pending-revocation.js';
import { type OAuthClient } from '../../oauth/oauth-client.js';
import { TokenRequestError } from '../../oauth/token-request-error.js';
import { type Secret } from '../../lib/secret.js';
import { retryUntilStored, withTimeout } from '../../lib/timing.js';
import { type Grant } from '../grant.js';
import { type GrantErasure } from '../store/grant-erasure.js';
import { type GrantStore } from '../store/grant-store.js';
import { isAlreadyInvalid, isGivenUp } from './revocation-policy.js';
import { type RevocationStore } from './revocation-store.js';
import { sealTokenResponse } from '../token-set.js';
import { type TokenCipher } from '../token-cipher.js';

/** Whether Zoom has ended the grant too. `PENDING_RETRY`: not yet. `NOT_NEEDED`: nothing is left to revoke. */
export type RevokedAtZoom = 'REVOKED' | 'PENDING_RETRY' | 'NOT_NEEDED';

export interface RevocationDependencies {
  grants: GrantStore;
  erasure: Pick<GrantErasure, 'ofRevoked'>;
  pending: RevocationStore;
  oauth: OAuthClient;
  cipher: TokenCipher;
  audit: AuditLog;
  clock: Clock;
  tasks: BackgroundTasks;
  logger: Logger;
}

/** How long a user waits for Zoom's answer. The revocation continues in the background. */
const WAIT_FOR_ZOOM_MS = 5_000;
/** After this time the change of the row is not coming any more: the process that was to write it has died. */
const UNCOMMITTED_AFTER_MS = 60_000;

/**
 * Ends grants: first here, at once and for good, then at Zoom, with retries until Zoom has confirmed (RFC 7009). The
 * tokens are enqueued before the row changes. A crash in between leaves a user who is still connected, and a crash
 * after it leaves a revocation that another worker finishes.
 */
export class Revocations {
  constructor(private readonly dependencies: RevocationDependencies) {}

  /**
   * Disconnects the user. Idempotent. Resolves when the user is disconnected, and Zoom has answered or five seconds
   * have passed.
   */
  async revoke(userId: string, initiator: Initiator): Promise<RevokedAtZoom> {
    const { grants, pending, clock, tasks } = this.dependencies;
    for (;;) {
      const grant = await grants.find(userId);
      if (!grant || grant.isRevoked)
        return (await pending.hasPending(userId)) ? 'PENDING_RETRY' : 'NOT_NEEDED';
      const queued = grant.isActive ? await pending.enqueue(grant, clock()) : undefined;
      if (await grants.revoke(grant, 'REVOKED_BY_USER', initiator)) {
        if (!queued) return 'NOT_NEEDED';
        const attempt = this.#attempt(queued, initiator);
        tasks.run(attempt);
        return withTimeout(attempt, WAIT_FOR_ZOOM_MS, 'PENDING_RETRY');
      }
      if (queued) await pending.remove(queued._id);
    }
  }

  /**
   * Revokes tokens that Zoom issued for a grant which has ended here meanwhile. Zoom keeps one grant per user and app.
   * If that Zoom user is connected again, the tokens are invalid already and revoking them could end the new grant.
   */
  async discard(grant: Grant, initiator: Initiator): Promise<void> {
    const { grants, pending, clock } = this.dependencies;
    const stored = await grants.find(grant.userId);
    if (stored?.grantGeneration === grant.grantGeneration) return;
    const queued = await pending.enqueue(grant, clock());
    if (queued) await this.#attempt(queued, initiator);
  }

  /** Enqueues a grant that an authorization is about to replace. Call it before the row changes. */
  enqueue(grant: Grant): Promise<Claimed<PendingRevocation> | undefined> {
    return this.dependencies.pending.enqueue(grant, this.dependencies.clock());
  }

  /** Removes an entry whose row did not change after all. */
  withdraw(queued: PendingRevocation): Promise<void> {
    return this.dependencies.pending.remove(queued._id);
  }

  /** Revokes an entry of {@link Revocations.enqueue} in the background. Call it after the row has changed. */
  begin(queued: Claimed<PendingRevocation>, initiator: Initiator): void {
    this.dependencies.tasks.run(this.#attempt(queued, initiator));
  }

  /** Revokes the entries that are due. Stops before the next one once `signal` is aborted. */
  workDue(signal: AbortSignal, onItemFailure: () => void = () => undefined): Promise<void> {
    const { pending, clock, logger } = this.dependencies;
    const handle = async (due: Claimed<PendingRevocation>) => {
      await this.#resume(due);
      return true;
    };
    const onFailure = (err: unknown, { userId, attempts }: Claimed<PendingRevocation>) => {
      logger.error({ err, userId, attempts }, 'revocation failed unexpectedly, will be retried');
      onItemFailure();
    };
    return pending.workDue(handle, { clock, signal, onFailure });
  }

  /** Handles an entry that some process enqueued earlier and that may not be committed. */
  async #resume(entry: Claimed<PendingRevocation>): Promise<void> {
    const stored = await this.dependencies.grants.find(entry.userId);
    // defence: revocation-after-disconnect
    if (stored?.grantGeneration === entry.grantGeneration) return this.#dropIfUncommitted(entry);
    await this.#attempt(entry, SYSTEM_INITIATOR);
  }

  /** Revokes an entry whose row has changed. */
  async #attempt(entry: Claimed<PendingRevocation>, initiator: Initiator): Promise<RevokedAtZoom> {
    const { pending, grants, clock } = this.dependencies;
    // defence: revocation-spares-reconnected
    if (entry.zoomUserId && (await grants.findActiveByZoomUser(entry.zoomUserId)))
      return this.#complete(entry, initiator, 'RECONNECTED');
    try {
      await this.dependencies.oauth.revokeToken(await this.#liveAccessToken(entry));
      return await this.#complete(entry, initiator, 'REVOKED');
    } catch (error) {
      if (!(error instanceof TokenRequestError)) throw error;
      if (isAlreadyInvalid(error.failure)) return this.#complete(entry, initiator, 'ALREADY_INVALID');
      if (isGivenUp(clock(), entry.requestedAt)) return this.#complete(entry, initiator, 'GIVEN_UP');
      // defence: revocation-stays-queued
      await pending.postpone(entry, clock());
      await this.#report(entry, initiator, error);
      return 'PENDING_RETRY';
    }
  }

  /** Zoom revokes by access token. An expired one is refreshed first, and the new token set is stored. */
  async #liveAccessToken(entry: PendingRevocation): Promise<Secret> {
    const { cipher, clock, oauth, pending, logger } = this.dependencies;
    const { _id, userId, zoomRefreshToken } = entry;
    const now = clock();
    if (/* defence: revocation-with-live-token */ entry.zoomAccessTokenExpiry > now || !zoomRefreshToken)
      return cipher.open(entry.zoomAccessToken, { userId, field: 'zoomAccessToken' });
    const spent = await cipher.open(zoomRefreshToken, { userId, field: 'zoomRefreshToken' });
    const response = await oauth.refreshAccessToken(spent);
    const sealed = await sealTokenResponse(cipher, userId, response, now);
    await retryUntilStored(
      () =>
        pending.replaceTokens(_id, {
          zoomAccessToken: sealed.accessToken,
          zoomAccessTokenExpiry: sealed.accessTokenExpiry,
          zoomRefreshToken: sealed.refreshToken ?? zoomRefreshToken,
        }),
      (err, tries) => logger.error({ err, userId, tries }, 'tokens of a revocation are not stored yet'),
    );
    return response.accessToken;
  }

  /** The row has not changed: the change is being written right now, or its process died before. */
  async #dropIfUncommitted(entry: PendingRevocation): Promise<void> {
    const { pending, clock } = this.dependencies;
    if (clock().getTime() - entry.requestedAt.getTime() > UNCOMMITTED_AFTER_MS)
      await pending.remove(entry._id);
  }

  async #complete(entry: PendingRevocation, initiator: Initiator, cause: string): Promise<RevokedAtZoom> {
    const { userId, grantGeneration } = entry;
    const { audit, pending, erasure } = this.dependencies;
    const type = cause === 'GIVEN_UP' ? 'revocation.failed' : 'revocation.completed';
    const _id = `${entry._id}:${type}`;
    await audit.record({ _id, type, userId, initiator, cause, grantGeneration });
    // defence: confirmed-revocation-erases-identity
    await erasure.ofRevoked(userId);
    await pending.remove(entry._id);
    return 'REVOKED';
  }

  async #report(
    { userId, grantGeneration }: PendingRevocation,
    initiator: Initiator,
    error: TokenRequestError,
  ): Promise<void> {
    const { failure } = error;
    const cause = failure.kind === 'error_response' ? (failure.error ?? 'http_error') : failure.kind;
    const zoomTrackingId = error.trackingId;
    this.dependencies.logger.warn(
      { err: error, userId, zoomTrackingId },
      'revocation at Zoom failed, will be retried',
    );
    await this.dependencies.audit.record({
      type: 'revocation.failed',
      userId,
      initiator,
      cause,
      grantGeneration,
      zoomTrackingId,
    });
  }
}
