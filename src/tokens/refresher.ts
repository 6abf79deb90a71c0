import { randomUUID } from 'node:crypto';
import { type Origin } from '../audit/audit-log';
import { type BackgroundTasks } from '../background-tasks';
import { AppError } from '../errors';
import { sleep, withPatience } from '../timing';
import { type AccessToken } from './access-token';
import { type Grant } from './grant';
import { RefreshAttempt, type RefreshCause, type RefreshDependencies } from './refresh-attempt';
import { decideAccess } from './token-policy';

/** Why and for whom a refresh is asked for. */
export interface RefreshRequest {
  cause: RefreshCause;
  origin: Origin;
  /** The version that must not be handed out again. */
  rejectedVersion?: number;
}

/** Failed tries within one call that are worth a short wait in place of an error. */
const TRIES_PER_CALL = 3;
const LONGEST_PAUSE_PER_CALL_MS = 2_000;
const POLL_MS = 50;
const LONGEST_POLL_MS = 250;
/** How long a caller waits; the refresh goes on without them. */
const CALLER_PATIENCE_MS = 20_000;
/** How long another instance's refresh is watched. */
const WAIT_FOR_HOLDER_MS = 120_000;

/**
 * One refresh at a time and grant: within this process by joining the flight, across processes by the lease.
 * A refresh that has been sent is never abandoned: neither a caller nor a shutdown stops it before its result is
 * stored.
 */
export class Refresher {
  readonly #flights = new Map<string, Promise<AccessToken>>();

  constructor(private readonly dependencies: RefreshDependencies & { tasks: BackgroundTasks }) {}

  /**
   * A token newer than `seen`'s.
   * @throws AppError `ZOOM_REAUTHORIZATION_REQUIRED`, `ZOOM_NOT_CONNECTED`, `ZOOM_UNAVAILABLE`,
   * `ZOOM_RATE_LIMITED`, `ZOOM_APP_MISCONFIGURED`
   */
  async refresh(seen: Grant, request: RefreshRequest): Promise<AccessToken> {
    const token = await withPatience(this.#join(seen, request), CALLER_PATIENCE_MS, undefined);
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
    const landings: Promise<unknown>[] = [];
    const flight = this.#fly(seen, request, landings);
    this.#flights.set(key, flight);
    // Until the write has landed, whoever still reads the old row gets this flight's token.
    const landed = flight.then(() => Promise.all(landings)).finally(() => this.#flights.delete(key));
    this.dependencies.tasks.run(landed.catch(() => undefined));
    return flight;
  }

  /** Opens the stored access token. @throws TokenCipherError */
  async open(grant: Grant): Promise<AccessToken> {
    const { userId, accessToken, tokenVersion } = grant;
    const binding = { userId, field: 'zoomAccessToken' as const };
    const value = await this.dependencies.cipher.open(accessToken ?? '', binding);
    return { value, version: tokenVersion, grant };
  }

  async #fly(seen: Grant, request: RefreshRequest, landings: Promise<unknown>[]): Promise<AccessToken> {
    const { grants, refreshes, clock } = this.dependencies;
    const patience = performance.now() + WAIT_FOR_HOLDER_MS;
    let grant: Grant | undefined = seen;
    for (let tries = 0, polls = 0; ; grant = await grants.find(seen.userId)) {
      const decision = decideAccess(grant, clock(), request.rejectedVersion);
      if (decision.kind === 'refuse') {
        if (tries < TRIES_PER_CALL && tries > 0 && (await this.#sitOut(grant))) continue;
        throw decision.error;
      }
      if (decision.kind === 'use') return this.open(grant as Grant);
      const lease = await refreshes.acquireLease(grant as Grant, randomUUID(), clock());
      if (lease) {
        const attempt = new RefreshAttempt(this.dependencies, lease, request.cause, request.origin);
        const outcome = await attempt.run();
        tries++;
        if (!outcome.token) continue;
        landings.push(outcome.landing);
        return outcome.token;
      }
      if (performance.now() > patience) throw busy(clock());
      await sleep(Math.min(POLL_MS * 2 ** polls++, LONGEST_POLL_MS));
    }
  }

  /** Waits for a backoff that is short enough to wait for, unless only the operator can end it. */
  async #sitOut(grant: Grant | undefined): Promise<boolean> {
    const backoff = grant?.refreshBackoff;
    if (!backoff || backoff.code === 'ZOOM_APP_MISCONFIGURED') return false;
    const pause = backoff.retryAt.getTime() - this.dependencies.clock().getTime();
    if (pause <= 0 || pause > LONGEST_PAUSE_PER_CALL_MS) return false;
    await sleep(pause + 1);
    return true;
  }
}

function busy(now: Date): AppError {
  return new AppError('ZOOM_UNAVAILABLE', { retryAt: new Date(now.getTime() + LONGEST_PAUSE_PER_CALL_MS) });
}
