import { type AuditLog, type Origin, SYSTEM_ORIGIN } from '../../audit/audit-log.js';
import { type BackgroundTasks } from '../../lib/background-tasks.js';
import { type Clock } from '../../lib/clock.js';
import { type Logger } from '../../lib/logger.js';
import { type PendingRevocation } from '../../models/pending-revocation.js';
import { type OAuthClient } from '../../oauth/oauth-client.js';
import { TokenRequestError } from '../../oauth/token-request-error.js';
import { type Secret } from '../../lib/secret.js';
import { retryUntilStored, withTimeout } from '../../lib/timing.js';
import { type Grant } from '../grant.js';
import { type GrantStore } from '../store/grant-store.js';
import { isAlreadyInvalid, nextRevocationAt } from './revocation-policy.js';
import { type RevocationStore } from './revocation-store.js';
import { sealTokenResponse } from '../token-set.js';
import { type TokenCipher } from '../token-cipher.js';

/** Whether Zoom has ended the grant too. */
export type RevokedAtZoom = 'REVOKED' | 'PENDING_RETRY' | 'NOT_NEEDED';

/** What revocations work with. */
export interface RevocationDependencies {
  grants: GrantStore;
  pending: RevocationStore;
  oauth: OAuthClient;
  cipher: TokenCipher;
  audit: AuditLog;
  clock: Clock;
  tasks: BackgroundTasks;
  logger: Logger;
}

/** How long a user waits for Zoom's answer; the revocation goes on without them. */
const WAIT_FOR_ZOOM_MS = 5_000;
/** Entries of a revocation that its process did not live to commit. */
const UNCOMMITTED_AFTER_MS = 60_000;
/** How many due revocations one round takes on. */
const ROUND_SIZE = 50;

/**
 * Ends grants: here first, finally and at once, then at Zoom until Zoom has confirmed (RFC 7009). The tokens are
 * queued before the row changes, so a crash in between leaves either a connected user or a revocation to finish.
 */
export class Revocations {
  constructor(private readonly dependencies: RevocationDependencies) {}

  /** Disconnects the user. Idempotent. Resolves when the user is disconnected and Zoom has answered or is slow to. */
  async revoke(userId: string, origin: Origin): Promise<RevokedAtZoom> {
    const { grants, pending, clock, tasks } = this.dependencies;
    for (;;) {
      const grant = await grants.find(userId);
      if (!grant || grant.isRevoked)
        return (await pending.hasPending(userId)) ? 'PENDING_RETRY' : 'NOT_NEEDED';
      const queued = grant.isActive ? await pending.enqueue(grant, clock()) : undefined;
      if (await grants.revoke(grant, 'REVOKED_BY_USER', origin)) {
        if (!queued) return 'NOT_NEEDED';
        const attempt = this.#attempt(queued, origin);
        tasks.run(attempt);
        return withTimeout(attempt, WAIT_FOR_ZOOM_MS, 'PENDING_RETRY');
      }
      if (queued) await pending.remove(queued._id);
    }
  }

  /**
   * Disposes of tokens that Zoom issued for a grant which has ended here meanwhile. Zoom keeps one grant per user
   * and app: if that Zoom user is connected again, the tokens are dead already and revoking could hurt the new grant.
   */
  async discard(grant: Grant, origin: Origin): Promise<void> {
    const { grants, pending, clock } = this.dependencies;
    const stored = await grants.find(grant.userId);
    if (stored?.grantGeneration === grant.grantGeneration) return;
    const queued = await pending.enqueue(grant, clock());
    if (queued) await this.#attempt(queued, origin);
  }

  /** Queues a grant that an authorization is about to replace; to be called before the row changes. */
  enqueue(grant: Grant): Promise<PendingRevocation | undefined> {
    return this.dependencies.pending.enqueue(grant, this.dependencies.clock());
  }

  /** Takes back an entry whose row did not change after all. */
  withdraw(queued: PendingRevocation): Promise<void> {
    return this.dependencies.pending.remove(queued._id);
  }

  /** Works off an entry of {@link Revocations.enqueue} in the background. */
  begin(queued: PendingRevocation, origin: Origin): void {
    this.dependencies.tasks.run(this.#attempt(queued, origin));
  }

  /** Tries those that are due. */
  async workDue(): Promise<void> {
    const { pending, clock } = this.dependencies;
    for (let round = 0; round < ROUND_SIZE; round++) {
      const due = await pending.claimDue(clock());
      if (!due) return;
      await this.#attempt(due, SYSTEM_ORIGIN);
    }
  }

  async #attempt(entry: PendingRevocation, origin: Origin): Promise<RevokedAtZoom> {
    const { pending, grants, clock } = this.dependencies;
    const stored = await grants.find(entry.userId);
    if (stored?.grantGeneration === entry.grantGeneration) return this.#dropIfUncommitted(entry);
    if (entry.zoomUserId && (await grants.findActiveByZoomUser(entry.zoomUserId)))
      return this.#complete(entry, origin, 'RECONNECTED');
    try {
      await this.dependencies.oauth.revokeToken(await this.#liveAccessToken(entry));
      return await this.#complete(entry, origin, 'REVOKED');
    } catch (error) {
      if (!(error instanceof TokenRequestError)) throw error;
      if (isAlreadyInvalid(error.failure)) return this.#complete(entry, origin, 'ALREADY_INVALID');
      const dueAt = nextRevocationAt(clock(), entry.requestedAt, entry.attempts);
      if (!dueAt) return this.#complete(entry, origin, 'GIVEN_UP');
      await pending.postpone(entry._id, dueAt);
      await this.#report(entry, origin, error);
      return 'PENDING_RETRY';
    }
  }

  /** Zoom revokes by access token: one that has expired is refreshed first, and the rotated pair kept. */
  async #liveAccessToken(entry: PendingRevocation): Promise<Secret> {
    const { cipher, clock, oauth, pending, logger } = this.dependencies;
    const { _id, userId, zoomRefreshToken } = entry;
    const now = clock();
    if (entry.zoomAccessTokenExpiry > now || !zoomRefreshToken)
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

  /** The row still stands as it did: its revocation is being written right now, or its process died before. */
  async #dropIfUncommitted(entry: PendingRevocation): Promise<RevokedAtZoom> {
    const { pending, clock } = this.dependencies;
    if (clock().getTime() - entry.requestedAt.getTime() > UNCOMMITTED_AFTER_MS)
      await pending.remove(entry._id);
    return 'PENDING_RETRY';
  }

  async #complete(entry: PendingRevocation, origin: Origin, cause: string): Promise<RevokedAtZoom> {
    const { userId, zoomUserId, grantGeneration } = entry;
    const { audit, pending } = this.dependencies;
    const type = cause === 'GIVEN_UP' ? 'revocation.failed' : 'revocation.completed';
    const _id = `${entry._id}:${type}`;
    await audit.record({ _id, type, userId, origin, cause, zoomUserId, grantGeneration });
    await pending.remove(entry._id);
    return 'REVOKED';
  }

  async #report(
    { userId, zoomUserId, grantGeneration }: PendingRevocation,
    origin: Origin,
    error: TokenRequestError,
  ): Promise<void> {
    const cause = error.failure.kind === 'oauth_error' ? error.failure.error : error.failure.kind;
    const zoomTrackingId = error.trackingId;
    this.dependencies.logger.warn(
      { err: error, userId, zoomTrackingId },
      'revocation at Zoom failed, will be retried',
    );
    await this.dependencies.audit.record({
      type: 'revocation.failed',
      userId,
      origin,
      cause,
      zoomUserId,
      grantGeneration,
      zoomTrackingId,
    });
  }
}
