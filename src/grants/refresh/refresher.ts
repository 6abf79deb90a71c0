import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Origin, SYSTEM_ORIGIN } from '../../audit/audit-log.js';
import { type BackgroundTasks } from '../../lib/background-tasks.js';
import { AppError } from '../../lib/errors.js';
import { retryUntilStored, withTimeout } from '../../lib/timing.js';
import { type AccessToken } from './access-token.js';
import { type Grant } from '../grant.js';
import { LeaseWait, type OnLeaseWait } from './lease-wait.js';
import { type Landing, RefreshAttempt, type RefreshCause } from './refresh-attempt.js';
import { type RefreshDependencies } from './refresh-dependencies.js';
import { type AccessDecision, decideAccess } from '../refresh-policy.js';

/** Why and for whom a refresh is asked for. */
export interface RefreshRequest {
  cause: RefreshCause;
  origin: Origin;
  /** The version that must not be handed out again. */
  rejectedVersion?: number;
}

/** What a {@link Refresher} works with. */
export interface RefresherDependencies extends RefreshDependencies {
  tasks: BackgroundTasks;
  onLeaseWait?: OnLeaseWait;
}

/**
 * A backoff this short is sat out in place of an error; backoffs double, so nobody sits out many. An HTTP date counts
 * whole seconds: one that means "in a second" may be nearly two away.
 */
const LONGEST_SIT_OUT_MS = 2_000;
/** When a caller who has waited in vain may come back. */
const COME_BACK_AFTER_MS = 2_000;
/** How long a caller waits; the refresh goes on without them. */
const CALLER_PATIENCE_MS = 20_000;
/** How long a refresh that was overtaken tries to make up for it: Zoom's grace is not known to last longer. */
const MAKE_UP_MS = 60_000;
const MAKE_UP_POLL_MS = 250;

/**
 * One refresh at a time and grant: within this process by joining the flight, across processes by the lease.
 * A refresh that has been sent is never abandoned: neither a caller nor a shutdown stops it before its result is
 * stored.
 */
export class Refresher {
  readonly #flights = new Map<string, Promise<AccessToken>>();

  constructor(private readonly dependencies: RefresherDependencies) {}

  /**
   * A token newer than `seen`'s.
   * @throws AppError `ZOOM_REAUTHORIZATION_REQUIRED`, `ZOOM_NOT_CONNECTED`, `ZOOM_UNAVAILABLE`,
   * `ZOOM_RATE_LIMITED`, `ZOOM_APP_MISCONFIGURED`
   */
  async refresh(seen: Grant, request: RefreshRequest): Promise<AccessToken> {
    const token = await withTimeout(this.#join(seen, request), CALLER_PATIENCE_MS, undefined);
    if (!token) throw busy(this.dependencies.clock());
    return token;
  }

  #join(seen: Grant, request: RefreshRequest): Promise<AccessToken> {
    const key = JSON.stringify([
      seen.userId,
      seen.grantGeneration,
      seen.tokenVersion,
      request.rejectedVersion,
    ]);
    const running = this.#flights.get(key);
    if (running) return running;
    const landings: Promise<Landing>[] = [];
    const flight = this.#fly(seen, request, landings);
    this.#flights.set(key, flight);
    // Until the write has landed, whoever still reads the old row gets this flight's token.
    const landed = flight
      .catch(() => undefined)
      .then(() => Promise.all(landings))
      .finally(() => this.#flights.delete(key));
    const madeUp = landed.then((all) =>
      all.some(({ overtaken }) => overtaken) ? this.#makeUp(seen) : undefined,
    );
    this.dependencies.tasks.run(madeUp);
    return flight;
  }

  /**
   * After two instances have sent the same refresh token: while Zoom accepts a spent one for a grace, it may have
   * answered the one last whose tokens are not stored, or never will be, and forget the stored ones after the grace.
   * A further refresh makes the last pair the stored one.
   */
  #makeUp({ userId, grantGeneration }: Grant): Promise<void> {
    const { grants, logger } = this.dependencies;
    let lastAttempt: number | undefined;
    const refreshAnew = async () => {
      for (;;) {
        const stored = await grants.find(userId);
        if (!stored?.isActive || stored.grantGeneration !== grantGeneration) return;
        lastAttempt ??= stored.refreshAttempt;
        if (stored.tokenVersion > lastAttempt) return;
        const rejectedVersion = stored.tokenVersion;
        const request: RefreshRequest = { cause: 'OVERTAKEN', origin: SYSTEM_ORIGIN, rejectedVersion };
        if ((await this.refresh(stored, request)).version > lastAttempt) return;
        // That was the later attempt itself, which may still be on its way to the row.
        await sleep(MAKE_UP_POLL_MS);
      }
    };
    const onFailure = (err: unknown, tries: number) => {
      if (tries === 1) logger.warn({ err, userId }, 'an overtaken refresh is not made up for yet');
    };
    return retryUntilStored(refreshAnew, onFailure, MAKE_UP_MS);
  }

  /** Opens the stored access token. @throws TokenCipherError */
  async open(grant: Grant): Promise<AccessToken> {
    const { userId, accessToken, tokenVersion } = grant;
    const binding = { userId, field: 'zoomAccessToken' as const };
    const value = await this.dependencies.cipher.open(accessToken ?? '', binding);
    return { value, version: tokenVersion, grant };
  }

  async #fly(seen: Grant, request: RefreshRequest, landings: Promise<Landing>[]): Promise<AccessToken> {
    const { grants, refreshes, clock, onLeaseWait } = this.dependencies;
    const wait = new LeaseWait(onLeaseWait);
    let grant: Grant | undefined = seen;
    for (; ; grant = await grants.find(seen.userId)) {
      const decision = decideAccess(grant, clock(), request.rejectedVersion);
      if (decision.kind !== 'refresh') wait.end(decision.kind === 'use' ? 'adopted' : 'gave_up');
      if (decision.kind === 'use') return this.open(grant as Grant);
      if (decision.kind === 'wait' && (await this.#sitOut(decision))) continue;
      if (decision.kind !== 'refresh') throw decision.error;
      const lease = await refreshes.acquireLease(grant as Grant, randomUUID(), clock());
      if (!lease) {
        if (await wait.poll()) continue;
        throw busy(clock());
      }
      wait.end('acquired');
      const attempt = new RefreshAttempt(this.dependencies, lease, request.cause, request.origin);
      const { token, landing } = await attempt.run();
      landings.push(landing);
      if (token) return token;
    }
  }

  /** Waits for a backoff that is short enough to wait for, unless only the operator can end it. */
  async #sitOut({ retryAt, error }: AccessDecision & { kind: 'wait' }): Promise<boolean> {
    const pause = retryAt.getTime() - this.dependencies.clock().getTime();
    if (error.code === 'ZOOM_APP_MISCONFIGURED' || pause > LONGEST_SIT_OUT_MS) return false;
    await sleep(pause + 1);
    return true;
  }
}

function busy(now: Date): AppError {
  return new AppError('ZOOM_UNAVAILABLE', { retryAt: new Date(now.getTime() + COME_BACK_AFTER_MS) });
}
