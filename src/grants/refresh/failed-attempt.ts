import { setTimeout as sleep } from 'node:timers/promises';
import { type AuditEventType, type Origin } from '../../audit/audit-log.js';
import { type AuditFacts } from '../../models/audit-event.js';
import { type TokenRequestError } from '../../oauth/token-request-error.js';
import { retryUntilStored } from '../../lib/timing.js';
import { type Grant } from '../grant.js';
import { type RefreshDependencies } from './refresh-dependencies.js';
import { type RefreshLease } from '../store/refresh-lease.js';
import {
  classifyRefreshFailure,
  nextAttemptAt,
  type RefreshFailure,
  rejectionReason,
} from '../refresh-policy.js';

/** How long a late write of an earlier attempt, or of a reconnect, is waited for before the grant is given up. */
const LATE_WRITE_MS = 3_000;
const LATE_WRITE_POLL_MS = 250;
/** How long a write that the database refuses is repeated: callers wait for it. */
const INSIST_MS = 5_000;

/** What a refresh request that brought no tokens makes of the grant. */
export class FailedAttempt {
  constructor(
    private readonly dependencies: RefreshDependencies,
    private readonly lease: RefreshLease,
    private readonly origin: Origin,
  ) {}

  /**
   * Ends the grant, or lets refreshes pause; nothing when another attempt has settled it. `overtaken` when another has
   * taken the lease meanwhile and Zoom may have answered this one last.
   */
  async record(error: TokenRequestError): Promise<'settled' | 'overtaken'> {
    const { trackingId: zoomTrackingId } = error;
    const failure = classifyRefreshFailure(error.failure, this.dependencies.clock());
    if (failure.kind === 'rejected') {
      const event = await this.#giveUp(zoomTrackingId);
      if (event) await this.#report(event, error);
      return 'settled';
    }
    const { event, isOurs } = await this.#backOff(failure, zoomTrackingId);
    await this.#report(event, error);
    return isOurs || failure.outcomeKnown ? 'settled' : 'overtaken';
  }

  async #report(event: AuditFacts, error: TokenRequestError): Promise<void> {
    const { audit, logger } = this.dependencies;
    const { userId, cause, zoomTrackingId } = event;
    const level = cause === 'ZOOM_APP_MISCONFIGURED' ? 'fatal' : 'warn';
    logger[level]({ err: error, userId, cause, zoomTrackingId }, 'refresh failed');
    await audit.publish(event);
  }

  /** Zoom refuses the token: adopts what another attempt has stored, or ends the grant and answers with the event. */
  async #giveUp(zoomTrackingId: string | undefined): Promise<AuditFacts | undefined> {
    const { refreshes, clock } = this.dependencies;
    const stored = await this.#awaitLateWrite();
    const landedAttempt = stored?.tokenVersion;
    if (stored && landedAttempt === this.lease.grant.tokenVersion) {
      const reason = rejectionReason(stored, this.lease.earlierOutcomeUnknown, clock());
      const event = this.#draft('grant.ended', reason, zoomTrackingId);
      if (await this.#insist(() => refreshes.end(this.lease, event))) return event;
    }
    await this.#insist(() => refreshes.settleFailure(this.lease, { outcomeKnown: true, landedAttempt }));
    return undefined;
  }

  /** Waits for tokens that may still be on their way to the row; answers the row with them, or as it is in the end. */
  async #awaitLateWrite(): Promise<Grant | undefined> {
    const { grant, formerOwnerSilent } = this.lease;
    const deadline = performance.now() + LATE_WRITE_MS;
    for (;;) {
      const stored = await this.dependencies.grants.find(grant.userId);
      if (stored?.tokenVersion !== grant.tokenVersion) return stored;
      const mayCome = formerOwnerSilent || stored.unsettledAuthorization;
      if (!mayCome || performance.now() >= deadline) return stored;
      await sleep(LATE_WRITE_POLL_MS);
    }
  }

  async #backOff(
    failure: RefreshFailure & { kind: 'transient' },
    zoomTrackingId: string | undefined,
  ): Promise<{ event: AuditFacts; isOurs: boolean }> {
    const { refreshes, clock, jitter } = this.dependencies;
    const { code, outcomeKnown, retryAfter } = failure;
    const errorCount = this.lease.grant.refreshErrorCount + 1;
    const retryAt = nextAttemptAt(clock(), errorCount, jitter(), retryAfter);
    const event = this.#draft('refresh.failed', code, zoomTrackingId);
    const backoff = { code, retryAt };
    const settle = () => refreshes.settleFailure(this.lease, { outcomeKnown, backoff, event });
    return { event, isOurs: await this.#insist(settle) };
  }

  /** Repeats what a failure makes of the row for as long as callers can wait: they may still be served. */
  #insist<T>(write: () => Promise<T>): Promise<T> {
    const { logger } = this.dependencies;
    const { userId } = this.lease.grant;
    const onFailure = (err: unknown, tries: number) => {
      logger.warn({ err, userId, tries }, 'a failed refresh is not noted yet, trying again');
    };
    return retryUntilStored(write, onFailure, INSIST_MS);
  }

  #draft<Cause extends string>(
    type: AuditEventType,
    cause: Cause,
    zoomTrackingId: string | undefined,
  ): AuditFacts & { cause: Cause } {
    const { userId, grantGeneration } = this.lease.grant;
    const { origin } = this;
    return this.dependencies.audit.draft({ type, cause, userId, origin, grantGeneration, zoomTrackingId });
  }
}
