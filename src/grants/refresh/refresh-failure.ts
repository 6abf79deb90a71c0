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
import { type RefreshLease } from '../store/refresh-lease.js';
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
  if (failure.kind === 'rejected') return record.endGrant();
  return record.backOff(failure);
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
    const { refreshes, clock } = this.dependencies;
    const stored = await this.#awaitLateWrite();
    if (stored?.tokenVersion === this.lease.grant.tokenVersion) {
      const reason = rejectionReason(stored, this.lease.earlierOutcomeUnknown, clock());
      if (await this.#retry(() => refreshes.end(this.lease, reason, this.#facts))) {
        this.#log(reason);
        return;
      }
    }
    await this.#retry(() => refreshes.settleFailure(this.lease, { outcomeKnown: true }, this.#facts));
  }

  /** The failure is passing: the next try is scheduled. */
  async backOff(failure: TokenRequestVerdict & { kind: 'transient' }): Promise<Grant | undefined> {
    const { refreshes, audit, clock, jitter } = this.dependencies;
    const { code, outcomeKnown, retryAfter } = failure;
    const { userId, grantGeneration, refreshErrorCount } = this.lease.grant;
    const retryAt = nextAttemptAt(
      clock(),
      refreshErrorCount + 1,
      jitter(),
      /* defence: retry-after-is-kept */ retryAfter,
    );
    const failed = { outcomeKnown, backoff: { code, retryAt } };
    this.#log(code);
    if (await this.#retry(() => refreshes.settleFailure(this.lease, failed, this.#facts))) return undefined;
    await audit.record({ type: 'refresh.failed', userId, grantGeneration, cause: code, ...this.#facts });
    return outcomeKnown
      ? undefined
      : /* defence: lost-answer-is-contested */ this.#retry(() => refreshes.contest(this.lease));
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

  #log(cause: string): void {
    const { userId } = this.lease.grant;
    const { zoomTrackingId } = this.#facts;
    const level = cause === 'ZOOM_APP_MISCONFIGURED' ? 'fatal' : 'warn';
    this.dependencies.logger[level]({ err: this.error, userId, cause, zoomTrackingId }, 'refresh failed');
  }
}
