import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Initiator, SYSTEM_INITIATOR } from '../../audit/audit-log.js';
import { type BackgroundTasks } from '../../lib/background-tasks.js';
import { AppError, type ErrorCode } from '../../lib/errors.js';
import { withTimeout } from '../../lib/timing.js';
import { type Grant } from '../grant.js';
import { type AccessDecision, type AccessNeed, decideAccess, isContested } from '../refresh-policy.js';
import { type AccessToken } from './access-token.js';
import { LeaseWait, type OnLeaseWait } from './lease-wait.js';
import { RefreshAttempt } from './refresh-attempt.js';
import { type RefreshCause, type RefreshDependencies } from './refresh-dependencies.js';

/** How an access token is asked for. */
export interface AccessTokenRequest {
  initiator: Initiator;
  /** The grant, if the caller has just read it. */
  grant?: Grant | undefined;
  /** The version that Zoom has refused (401/124). */
  rejectedVersion?: number | undefined;
}

export interface AccessTokensDependencies extends RefreshDependencies {
  tasks: BackgroundTasks;
  onLeaseWait?: OnLeaseWait;
}

/** Why and for whom a grant is refreshed, and which tokens are not good enough. */
interface RefreshRequest extends AccessNeed {
  cause: RefreshCause;
  initiator: Initiator;
}

/**
 * Callers wait out a backoff of at most this length instead of getting an error. A Retry-After with an HTTP date counts
 * whole seconds: one that means "in a second" may be almost two seconds away.
 */
const LONGEST_WAIT_FOR_BACKOFF_MS = 2_000;
/** The same request a moment later gets the same answer. */
const DEFINITE = new Set<ErrorCode>(['ZOOM_APP_MISCONFIGURED', 'ZOOM_REFUSED']);
/** When a caller whose wait timed out may ask again. */
const RETRY_AFTER_TIMEOUT_MS = 2_000;
/** How long a caller waits for a refresh. The refresh itself continues. */
const CALLER_TIMEOUT_MS = 20_000;

/**
 * Hands out access tokens that Zoom accepts, and refreshes them when the policy says so: one refresh at a time and
 * grant. Within this process all callers share one flight; across processes the lease keeps the others waiting. A
 * refresh that has been sent is never abandoned: neither a caller nor a shutdown stops it before its result is stored.
 */
export class AccessTokens {
  readonly #flights = new Map<string, Promise<AccessToken>>();

  constructor(private readonly dependencies: AccessTokensDependencies) {}

  /**
   * An access token with more than five minutes left, or a shorter one while Zoom's token endpoint fails. For a
   * `rejectedVersion`, the stored token if it is another one by now, else a refreshed one.
   * @throws AppError `ZOOM_NOT_CONNECTED` and `ZOOM_REAUTHORIZATION_REQUIRED` without any call to Zoom; `ZOOM_UNAVAILABLE`,
   * `ZOOM_RATE_LIMITED`, `ZOOM_REFUSED`, `ZOOM_APP_MISCONFIGURED`
   */
  async get(userId: string, { initiator, grant, rejectedVersion }: AccessTokenRequest): Promise<AccessToken> {
    const isFirst = rejectedVersion === undefined;
    const seen = isFirst && grant ? grant : await this.dependencies.grants.find(userId);
    return this.#provide(seen, { cause: isFirst ? 'EXPIRY' : 'TOKEN_REJECTED', initiator, rejectedVersion });
  }

  /** Replaces the access token now, however long it is valid; joins a refresh that is under way. @throws AppError as `get` */
  async refresh(
    userId: string,
    initiator: Initiator,
    cause: RefreshCause = 'USER_REQUEST',
  ): Promise<AccessToken> {
    const grant = await this.dependencies.grants.find(userId);
    return this.#provide(grant, { cause, initiator, rejectedVersion: grant?.tokenVersion });
  }

  /** Refreshes contested tokens once more, so that the stored pair is Zoom's last. Nothing otherwise. @throws AppError as `get` */
  async settleContest(userId: string): Promise<void> {
    const grant = await this.dependencies.grants.find(userId);
    if (!grant?.isActive || !isContested(grant)) return;
    await this.#provide(grant, { cause: 'CONTESTED', initiator: SYSTEM_INITIATOR, settlesContest: true });
  }

  /** Notes in the background that the grant has been used. */
  noteUse(grant: Grant): void {
    this.dependencies.tasks.run(this.dependencies.grants.touch(grant));
  }

  async #provide(grant: Grant | undefined, request: RefreshRequest): Promise<AccessToken> {
    const decision = decideAccess(grant, this.dependencies.clock(), request);
    if (decision.kind === 'use') return this.#open(decision.grant);
    if (decision.kind === 'refuse') throw decision.error;
    const flight = this.#join(decision.grant, request, decision);
    const token = await withTimeout(flight, CALLER_TIMEOUT_MS, undefined);
    return token ?? this.#askAgainLater();
  }

  #join(seen: Grant, request: RefreshRequest, decision: AccessDecision): Promise<AccessToken> {
    const { userId, grantGeneration, tokenVersion } = seen;
    const { rejectedVersion, settlesContest } = request;
    const key = JSON.stringify([userId, grantGeneration, tokenVersion, rejectedVersion, settlesContest]);
    const running = this.#flights.get(key);
    // defence: callers-share-a-flight
    if (running) return running;
    const writes: Promise<Grant | undefined>[] = [];
    const flight = this.#fly(userId, request, decision, writes);
    this.#flights.set(key, flight);
    // Until the tokens are stored, whoever still reads the old row gets this flight's token.
    const stored = flight
      .catch(() => undefined)
      .then(
        /* defence: token-is-served-before-it-is-stored */ () =>
          /* defence: shutdown-waits-for-writes */ Promise.all(writes),
      )
      .finally(() => this.#flights.delete(key));
    // defence: refresh-outlives-its-callers
    this.dependencies.tasks.run(
      // defence: due-contest-is-settled-at-once
      stored.then((grants) => this.#settleIfDue(grants.findLast((grant) => grant?.contest))),
    );
    return flight;
  }

  async #fly(
    userId: string,
    request: RefreshRequest,
    first: AccessDecision,
    writes: Promise<Grant | undefined>[],
  ): Promise<AccessToken> {
    const { grants, clock, onLeaseWait } = this.dependencies;
    const wait = new LeaseWait(onLeaseWait);
    for (let decision = first; ; decision = decideAccess(await grants.find(userId), clock(), request)) {
      if (decision.kind !== 'refresh') wait.end(decision.kind === 'use' ? 'adopted' : 'gave_up');
      if (decision.kind === 'use') return this.#open(decision.grant);
      if (decision.kind === 'refuse') throw decision.error;
      // defence: short-backoff-is-waited-out
      if (decision.kind === 'wait') await this.#waitOutBackoff(decision);
      else {
        const token = await this.#attempt(decision.grant, request, wait, writes);
        if (token) return token;
      }
    }
  }

  /** Refreshes, or waits a moment while another instance does. Undefined when the grant has to be read again. */
  async #attempt(
    grant: Grant,
    request: RefreshRequest,
    wait: LeaseWait,
    writes: Promise<Grant | undefined>[],
  ): Promise<AccessToken | undefined> {
    const lease = await this.dependencies.refreshes.acquireLease(grant, randomUUID());
    if (!lease) return (await wait.poll()) ? undefined : this.#askAgainLater();
    wait.end('acquired');
    const { token, written } = await new RefreshAttempt(this.dependencies, lease, request).run();
    writes.push(written);
    return token;
  }

  /** Rejects when the backoff is too long for a caller to wait, and when Zoom's answer was definite. */
  async #waitOutBackoff({ retryAt, error }: AccessDecision & { kind: 'wait' }): Promise<void> {
    const pause = retryAt.getTime() - this.dependencies.clock().getTime();
    if (DEFINITE.has(error.code) || pause > LONGEST_WAIT_FOR_BACKOFF_MS) throw error;
    await sleep(pause + 1);
  }

  /** A contest that is due is settled at once. A later one, or one that this process does not live to settle, waits for a round. */
  async #settleIfDue(grant: Grant | undefined): Promise<void> {
    const { clock, logger } = this.dependencies;
    if (!grant?.contest || grant.contest.settleAt > clock()) return;
    const { userId } = grant;
    await this.settleContest(userId).catch((err: unknown) => {
      logger.warn({ err, userId }, 'contested tokens are not settled yet');
    });
  }

  /** Opens the stored access token. @throws TokenCipherError */
  async #open(grant: Grant): Promise<AccessToken> {
    const { userId, accessToken, tokenVersion } = grant;
    const value = await this.dependencies.cipher.open(accessToken ?? '', {
      userId,
      field: 'zoomAccessToken',
    });
    return { value, version: tokenVersion, grant };
  }

  #askAgainLater(): never {
    const retryAt = new Date(this.dependencies.clock().getTime() + RETRY_AFTER_TIMEOUT_MS);
    throw new AppError('ZOOM_UNAVAILABLE', { retryAt });
  }
}
