import { type Initiator } from '../../audit/audit-log.js';
import { retryUntilStored, withTimeout } from '../../lib/timing.js';
import { TokenRequestError } from '../../oauth/token-request-error.js';
import { type TokenResponse } from '../../oauth/token-response.js';
import { type Grant } from '../grant.js';
import { type RefreshLease } from '../store/refresh-lease.js';
import { sealTokenResponse, type SealedTokenSet } from '../token-set.js';
import { type AccessToken } from './access-token.js';
import { type RefreshCause, type RefreshDependencies } from './refresh-dependencies.js';
import { endWithoutRefreshToken, recordRefreshFailure } from './refresh-failure.js';

/** What an attempt has brought. */
export interface AttemptOutcome {
  /** Absent: the grant as it is stored says why. */
  token?: AccessToken;
  /** The grant after the last write of this attempt, if it wrote one. The write may still be on its way. Never rejects. */
  written: Promise<Grant | undefined>;
}

/** How long callers wait for the write once the new token is here. The write itself continues. */
const WAIT_FOR_WRITE_MS = /* defence: callers-do-not-wait-for-the-write */ 5_000;

/** One refresh request, sent under a lease, and the recording of its result. */
export class RefreshAttempt {
  constructor(
    private readonly dependencies: RefreshDependencies,
    private readonly lease: RefreshLease,
    private readonly request: { cause: RefreshCause; initiator: Initiator },
  ) {}

  /** @throws TokenCipherError when the stored refresh token cannot be opened: nothing is sent then. */
  async run(): Promise<AttemptOutcome> {
    const stopRenewing = this.#keepLease();
    try {
      const outcome = await this.#send();
      // defence: lease-lasts-until-the-write
      void outcome.written.then(stopRenewing);
      return outcome;
    } catch (error) {
      stopRenewing();
      throw error;
    }
  }

  /** While a slow answer is waited for, no other instance may take this one for dead. */
  #keepLease(): () => void {
    const { refreshes, logger } = this.dependencies;
    const timer = setInterval(() => {
      // defence: lease-is-renewed
      refreshes.renewLease(this.lease).catch((err: unknown) => {
        logger.warn({ err, userId: this.lease.grant.userId }, 'refresh lease could not be renewed');
      });
    }, refreshes.leaseTtlMs / 3).unref();
    return () => {
      clearInterval(timer);
    };
  }

  async #send(): Promise<AttemptOutcome> {
    const { oauth, cipher, clock, refreshes } = this.dependencies;
    const { initiator } = this.request;
    const { userId, refreshToken } = this.lease.grant;
    if (refreshToken === undefined) {
      await endWithoutRefreshToken(this.dependencies, this.lease, initiator);
      return { written: Promise.resolve(undefined) };
    }
    const sentAt = clock();
    let response: TokenResponse;
    try {
      const opened = await cipher.open(refreshToken, { userId, field: 'zoomRefreshToken' });
      // defence: paused-holder-gives-way
      if (!(await this.#holdsLease())) return { written: Promise.resolve(undefined) };
      response = await oauth.refreshAccessToken(opened);
    } catch (error) {
      if (!(error instanceof TokenRequestError)) {
        // defence: unsent-request-leaves-no-doubt
        await refreshes.settleFailure(this.lease, { outcomeKnown: true }, { initiator });
        throw error;
      }
      const contested = await recordRefreshFailure(this.dependencies, this.lease, initiator, error);
      return { written: Promise.resolve(contested) };
    }
    return this.#store(response, sentAt);
  }

  /** A process that has paused may have lost its lease. What it sent now would reach Zoom after its successor's request. */
  async #holdsLease(): Promise<boolean> {
    const { refreshes } = this.dependencies;
    if (performance.now() - this.lease.askedAt < refreshes.leaseTtlMs / 2) return true;
    return refreshes.renewLease(this.lease);
  }

  async #store(response: TokenResponse, sentAt: Date): Promise<AttemptOutcome> {
    const { grant, fencingToken } = this.lease;
    const tokens = await sealTokenResponse(this.dependencies.cipher, grant.userId, response, sentAt);
    const writing = this.#write(tokens, response.trackingId).catch((err: unknown) => {
      // Only a write that the database would refuse for ever rejects: a fault of ours, since tokens are plain text.
      this.dependencies.logger.fatal({ err, userId: grant.userId }, 'rotated tokens cannot be stored');
      return { isStale: true, grant: undefined };
    });
    const written = writing.then(({ grant: stored }) => stored);
    const result = await withTimeout(writing, WAIT_FOR_WRITE_MS, undefined);
    if (result?.isStale) return { written };
    const current = result?.grant ?? {
      ...grant,
      ...tokens,
      tokenVersion: fencingToken,
      refreshErrorCount: 0,
      refreshBackoff: undefined,
      refreshRefusal: undefined,
    };
    return { token: { value: response.accessToken, version: fencingToken, grant: current }, written };
  }

  /** Stores the tokens, however long it takes: they exist nowhere else. */
  async #write(
    tokens: SealedTokenSet,
    zoomTrackingId: string | undefined,
  ): Promise<{ isStale: boolean; grant: Grant | undefined }> {
    const { refreshes, logger, revocations } = this.dependencies;
    const { cause, initiator } = this.request;
    const { grant } = this.lease;
    const { userId } = grant;
    const isUse = cause !== 'KEEP_ALIVE' && cause !== 'CONTESTED';
    const onFailure = (err: unknown, tries: number) => {
      logger.error({ err, userId, tries }, 'rotated tokens are not stored yet, trying again');
    };
    const stored = await retryUntilStored(
      () => refreshes.rotate(this.lease, tokens, { cause, initiator, zoomTrackingId, isUse }),
      onFailure,
    );
    if (stored) return { isStale: false, grant: stored };
    // defence: stale-write-is-contested
    const contested = await retryUntilStored(() => refreshes.contest(this.lease), onFailure);
    // defence: stale-tokens-are-revoked
    if (!contested) await revocations.discard({ ...grant, ...tokens }, initiator);
    return { isStale: true, grant: contested };
  }
}
