import { type Origin } from '../../audit/audit-log.js';
import { TokenRequestError } from '../../oauth/token-request-error.js';
import { type TokenResponse } from '../../oauth/token-response.js';
import { retryUntilStored, withTimeout } from '../../lib/timing.js';
import { type AccessToken } from './access-token.js';
import { FailedAttempt } from './failed-attempt.js';
import { type RefreshDependencies } from './refresh-dependencies.js';
import { type RefreshLease, type RotatedTokens } from '../store/refresh-lease.js';
import { sealTokenResponse } from '../token-set.js';

/**
 * What made a refresh necessary, as the audit trail tells it. `OVERTAKEN`: two instances have sent the same refresh
 * token, and Zoom may take the pair that is not stored for the last one.
 */
export type RefreshCause = 'EXPIRY' | 'TOKEN_REJECTED' | 'USER_REQUEST' | 'KEEP_ALIVE' | 'OVERTAKEN';

/** What came of one attempt: a token, or none, and then the row tells why. */
export interface AttemptOutcome {
  token?: AccessToken;
  /** The write, which may still be on its way. */
  landing: Promise<Landing>;
}

/** What became of an attempt whose outcome nobody has to wait for any more. */
export interface Landing {
  /** Whether its tokens are stored. */
  stored: boolean;
  /** Whether another instance has begun an attempt meanwhile, so that nobody knows whom Zoom has answered last. */
  overtaken: boolean;
}

const withoutToken = (overtaken: boolean): AttemptOutcome => ({
  landing: Promise.resolve({ stored: false, overtaken }),
});

/** How long callers wait for the write once the new token is here; it goes on without them. */
const WAIT_FOR_WRITE_MS = 5_000;

/** One refresh request, sent under a lease, and the recording of whatever comes of it. */
export class RefreshAttempt {
  constructor(
    private readonly dependencies: RefreshDependencies,
    private readonly lease: RefreshLease,
    private readonly cause: RefreshCause,
    private readonly origin: Origin,
  ) {}

  /** @throws TokenCipherError when the stored refresh token cannot be opened: nothing is sent then. */
  async run(): Promise<AttemptOutcome> {
    const stopRenewing = this.#keepLease();
    try {
      await this.dependencies.audit.publish(this.lease.grant.unrecordedEvent);
      const outcome = await this.#send();
      void outcome.landing.then(stopRenewing, stopRenewing);
      return outcome;
    } catch (error) {
      stopRenewing();
      throw error;
    }
  }

  /** A slow answer is still an answer: while it is waited for, no other instance may think that this one has died. */
  #keepLease(): () => void {
    const { refreshes, logger } = this.dependencies;
    const timer = setInterval(() => {
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
    const { userId, refreshToken } = this.lease.grant;
    const sentAt = clock();
    let response: TokenResponse;
    try {
      const spent = await cipher.open(refreshToken ?? '', { userId, field: 'zoomRefreshToken' });
      if (!(await this.#isStillOurs())) return withoutToken(false);
      response = await oauth.refreshAccessToken(spent);
    } catch (error) {
      if (!(error instanceof TokenRequestError)) {
        await refreshes.settleFailure(this.lease, { outcomeKnown: true });
        throw error;
      }
      const settled = await new FailedAttempt(this.dependencies, this.lease, this.origin).record(error);
      return withoutToken(settled === 'overtaken');
    }
    return this.#store(response, sentAt);
  }

  /** A process that has stood still may have lost its lease; what it sent now would reach Zoom after its successor's. */
  async #isStillOurs(): Promise<boolean> {
    const { refreshes } = this.dependencies;
    if (performance.now() - this.lease.askedAt < refreshes.leaseTtlMs / 2) return true;
    return refreshes.renewLease(this.lease);
  }

  async #store(response: TokenResponse, sentAt: Date): Promise<AttemptOutcome> {
    const { grant, attempt } = this.lease;
    const rotated = await sealTokenResponse(this.dependencies.cipher, grant.userId, response, sentAt);
    const landing = this.#land(rotated, response.trackingId);
    const landed = await withTimeout(landing, WAIT_FOR_WRITE_MS, undefined);
    if (landed?.stored === false) return { landing };
    const current = {
      ...grant,
      ...rotated,
      tokenVersion: attempt,
      refreshErrorCount: 0,
      refreshBackoff: undefined,
    };
    return { token: { value: response.accessToken, version: attempt, grant: current }, landing };
  }

  async #land(rotated: RotatedTokens, zoomTrackingId: string | undefined): Promise<Landing> {
    const { refreshes, audit, clock, logger, revocations } = this.dependencies;
    const { grant, attempt } = this.lease;
    const { userId, grantGeneration } = grant;
    const event = audit.draft({
      ...{ type: 'access_token.refreshed', userId, origin: this.origin, cause: this.cause },
      ...{ grantGeneration, tokenVersion: attempt, zoomTrackingId },
    });
    const outcome = await retryUntilStored(
      // A late write happens when it lands: what it heals came before it.
      () => refreshes.rotate(this.lease, rotated, Object.assign(event, { occurredAt: clock() })),
      (err, tries) => logger.error({ err, userId, tries }, 'rotated tokens are not stored yet, trying again'),
    );
    if (outcome === 'stale') await revocations.discard({ ...grant, ...rotated }, this.origin);
    else await audit.publish(event);
    return { stored: outcome !== 'stale', overtaken: outcome !== 'landed' };
  }
}
