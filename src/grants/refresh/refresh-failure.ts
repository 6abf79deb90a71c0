import { setTimeout as sleep } from 'node:timers/promises';
import { type Initiator } from '../../audit/audit-log.js';
import { retryUntilStored } from '../../lib/timing.js';
import { type TokenRequestError } from '../../oauth/token-request-error.js';
import { type Grant } from '../grant.js';
import {
  classifyTokenRequestFailure,
  nextAttemptAt,
  rejectionReason,
  type TokenRequestVerdict,
} from '../refresh-policy.js';
import { isLasting, nextRefusal } from '../refusal-policy.js';
import { type FailedAttempt, type RefreshLease } from '../store/refresh-lease.js';
import { type RefreshDependencies } from './refresh-dependencies.js';

/** How long the write of an earlier attempt, or of a reconnect, is waited for before the grant is given up. */
const WAIT_FOR_LATE_WRITE_MS = /* defence: late-write-is-waited-for */ 3_000;
const LATE_WRITE_POLL_MS = 250;
/** How long a write that the database refuses is repeated. Callers wait for it. */
const WRITE_TIMEOUT_MS = 5_000;

/**
 * Records a refresh request that returned no tokens: ends the grant, or schedules the next try. Changes nothing when
 * another attempt has done so. Answers with the grant if its tokens are contested now: another instance has taken the
 * lease, and Zoom may have answered this request last.
 */
export async function recordRefreshFailure(
  dependencies: RefreshDependencies,
  lease: RefreshLease,
  initiator: Initiator,
  error: TokenRequestError,
): Promise<Grant | undefined> {
  const failure = classifyTokenRequestFailure(error.failure, dependencies.clock());
  const record = new FailureRecord(dependencies, lease, initiator, error);
  switch (failure.kind) {
    case 'rejected':
      return record.endGrant();
    case 'refused':
      return record.keepRefused(failure);
    case 'transient':
      return record.backOff(failure);
  }
}

/** Ends a grant that Zoom has issued without a refresh token: it lasts as long as its access token. */
export async function endWithoutRefreshToken(
  { refreshes, logger }: RefreshDependencies,
  lease: RefreshLease,
  initiator: Initiator,
): Promise<void> {
  const reason = 'NO_REFRESH_TOKEN';
  logger.warn({ userId: lease.grant.userId, cause: reason }, 'refresh failed');
  if (await refreshes.end(lease, reason, { initiator })) return;
  await refreshes.settleFailure(lease, { outcomeKnown: true }, { initiator });
}

/** What the ways to record one failure share. */
class FailureRecord {
  readonly #facts;

  constructor(
    private readonly dependencies: RefreshDependencies,
    private readonly lease: RefreshLease,
    initiator: Initiator,
    private readonly error: TokenRequestError,
  ) {
    this.#facts = { initiator, zoomTrackingId: error.trackingId };
  }

  /** Zoom refuses the token: adopts what another attempt has stored meanwhile, or ends the grant. */
  async endGrant(): Promise<undefined> {
    const { refreshes, clock, restoredAt } = this.dependencies;
    const { earlierOutcomeUnknown } = this.lease;
    const stored = await this.#awaitLateWrite();
    if (stored?.tokenVersion === this.lease.grant.tokenVersion) {
      const reason = rejectionReason(stored, { earlierOutcomeUnknown, now: clock(), restoredAt });
      if (await this.#retry(() => refreshes.end(this.lease, reason, this.#facts))) {
        this.#log(reason);
        return;
      }
    }
    await this.#retry(() => refreshes.settleFailure(this.lease, { outcomeKnown: true }, this.#facts));
  }

  /** Zoom refuses in words that do not call the token dead: the grant is kept, and the next try is scheduled. */
  async keepRefused(refused: TokenRequestVerdict & { kind: 'refused' }): Promise<undefined> {
    const { clock, onRefusal } = this.dependencies;
    const former = this.lease.grant.refreshRefusal;
    const refusal = nextRefusal(former, refused, clock());
    onRefusal?.({ isLasting: isLasting(refusal) });
    // Once for each connection: who operates the server can look into it.
    const level = isLasting(refusal) && !isLasting(former) ? 'error' : 'warn';
    this.#log(refusal.cause, level, { zoomCode: refusal.zoomCode, refusedSince: refusal.since });
    const retryAt = this.#nextAttemptAt({ retryAfter: refused.retryAfter, isRefused: true });
    await this.#settle(
      { outcomeKnown: true, backoff: { code: 'ZOOM_REFUSED', retryAt }, refusal },
      refusal.cause,
    );
  }

  /** The failure is passing: the next try is scheduled. */
  async backOff(failure: TokenRequestVerdict & { kind: 'transient' }): Promise<Grant | undefined> {
    const { code, outcomeKnown, retryAfter } = failure;
    const retryAt = this.#nextAttemptAt({ /* defence: retry-after-is-kept */ retryAfter });
    this.#log(code, code === 'ZOOM_APP_MISCONFIGURED' ? 'fatal' : 'warn');
    if (await this.#settle({ outcomeKnown, backoff: { code, retryAt } }, code)) return undefined;
    return outcomeKnown
      ? undefined
      : /* defence: lost-answer-is-contested */ this.#retry(() =>
          this.dependencies.refreshes.contest(this.lease),
        );
  }

  #nextAttemptAt(after: { retryAfter?: Date | undefined; isRefused?: boolean }): Date {
    const { clock, jitter } = this.dependencies;
    return nextAttemptAt(clock(), this.lease.grant.refreshErrorCount + 1, jitter(), after);
  }

  /** Stores the failure with the grant. False when the lease is lost: then only the trail tells. */
  async #settle(failed: FailedAttempt, cause: string): Promise<boolean> {
    const { refreshes, audit } = this.dependencies;
    if (await this.#retry(() => refreshes.settleFailure(this.lease, failed, this.#facts))) return true;
    const { userId, grantGeneration } = this.lease.grant;
    await audit.record({ type: 'refresh.failed', userId, grantGeneration, cause, ...this.#facts });
    return false;
  }

  /** Waits for tokens that may still be on their way to the row. Answers with the row as it is in the end. */
  async #awaitLateWrite(): Promise<Grant | undefined> {
    const { grant, formerOwnerSilent } = this.lease;
    const deadline = performance.now() + WAIT_FOR_LATE_WRITE_MS;
    for (;;) {
      const stored = await this.dependencies.grants.find(grant.userId);
      if (stored?.tokenVersion !== grant.tokenVersion) return stored;
      const mayCome =
        formerOwnerSilent ||
        /* defence: refusal-waits-for-reconnect */ stored.unsettledAuthorization !== undefined;
      if (!mayCome || performance.now() >= deadline) return stored;
      await sleep(LATE_WRITE_POLL_MS);
    }
  }

  #retry<T>(write: () => Promise<T>): Promise<T> {
    const { userId } = this.lease.grant;
    const onFailure = (err: unknown, tries: number) => {
      this.dependencies.logger.warn(
        { err, userId, tries },
        'a failed refresh is not recorded yet, trying again',
      );
    };
    // defence: failure-is-recorded
    return retryUntilStored(write, onFailure, WRITE_TIMEOUT_MS);
  }

  #log(cause: string, level: 'warn' | 'error' | 'fatal' = 'warn', more: object = {}): void {
    const { userId } = this.lease.grant;
    const { zoomTrackingId } = this.#facts;
    this.dependencies.logger[level](
      { err: this.error, userId, cause, zoomTrackingId, ...more },
      'refresh failed',
    );
  }
}
