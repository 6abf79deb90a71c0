import { type AuditEventType, type AuditLog, type Origin } from '../audit/audit-log';
import { type Clock } from '../clock';
import { type Logger } from '../logger';
import { type AuditFacts } from '../models/audit-event';
import { type OAuthClient } from '../oauth/oauth-client';
import { TokenRequestError } from '../oauth/token-request-error';
import { type TokenResponse } from '../oauth/token-response';
import { sleep, untilLanded, withPatience } from '../timing';
import { type AccessToken } from './access-token';
import { type Grant } from './grant';
import { type GrantStore } from './grant-store';
import { type RefreshLease, type RefreshStore, type RotatedTokens } from './refresh-store';
import { type Revocations } from './revocations';
import { sealTokenResponse } from './seal-token-response';
import { type TokenCipher } from './token-cipher';
import { classifyRefreshFailure, nextAttemptAt, type RefreshFailure, rejectionReason } from './token-policy';

/** What made a refresh necessary, as the audit trail tells it. */
export type RefreshCause = 'EXPIRY' | 'TOKEN_REJECTED' | 'USER_REQUEST' | 'KEEP_ALIVE';

/** What a refresh works with. */
export interface RefreshDependencies {
  grants: GrantStore;
  refreshes: RefreshStore;
  revocations: Revocations;
  oauth: OAuthClient;
  cipher: TokenCipher;
  audit: AuditLog;
  clock: Clock;
  /** A number from 0 to 1: spreads the retries of many grants. */
  jitter: () => number;
  logger: Logger;
}

/** What came of one attempt: a token, and its write, which may still be on its way; or nothing, and the row tells why. */
export type AttemptOutcome = { token: AccessToken; landing: Promise<unknown> } | { token: undefined };

/** How long a late write of an earlier attempt, or of a reconnect, is waited for before the grant is given up. */
const LATE_WRITE_MS = 3_000;
const LATE_WRITE_POLL_MS = 250;
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
      if (outcome.token) void outcome.landing.then(stopRenewing, stopRenewing);
      else stopRenewing();
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
      response = await oauth.refreshAccessToken(spent);
    } catch (error) {
      if (error instanceof TokenRequestError) return this.#afterFailure(error);
      await refreshes.settleFailure(this.lease, { outcomeKnown: true });
      throw error;
    }
    return this.#store(response, sentAt);
  }

  async #store(response: TokenResponse, sentAt: Date): Promise<AttemptOutcome> {
    const { grant, attempt } = this.lease;
    const rotated = await sealTokenResponse(this.dependencies.cipher, grant.userId, response, sentAt);
    const landing = this.#land(rotated, response.trackingId);
    const outcome = await withPatience(landing, WAIT_FOR_WRITE_MS, 'pending');
    if (outcome === 'stale') return { token: undefined };
    const current = {
      ...grant,
      ...rotated,
      tokenVersion: attempt,
      refreshErrorCount: 0,
      refreshBackoff: undefined,
    };
    return { token: { value: response.accessToken, version: attempt, grant: current }, landing };
  }

  async #land(rotated: RotatedTokens, zoomTrackingId: string | undefined): Promise<'landed' | 'stale'> {
    const { refreshes, audit, clock, logger, revocations } = this.dependencies;
    const { grant, attempt } = this.lease;
    const { userId } = grant;
    const event = this.#draft('access_token.refreshed', this.cause, zoomTrackingId, attempt);
    const outcome = await untilLanded(
      // A late write happens when it lands: what it heals came before it.
      () => refreshes.rotate(this.lease, rotated, Object.assign(event, { occurredAt: clock() })),
      (err, tries) => logger.error({ err, userId, tries }, 'rotated tokens are not stored yet, trying again'),
    );
    if (outcome === 'stale') await revocations.discard({ ...grant, ...rotated }, this.origin);
    else await audit.publish(event);
    return outcome;
  }

  async #afterFailure(error: TokenRequestError): Promise<AttemptOutcome> {
    const { audit, clock, logger } = this.dependencies;
    const { trackingId: zoomTrackingId } = error;
    const failure = classifyRefreshFailure(error.failure, clock());
    const event =
      failure.kind === 'rejected'
        ? await this.#giveUp(zoomTrackingId)
        : await this.#backOff(failure, zoomTrackingId);
    if (!event) return { token: undefined };
    const { userId, cause } = event;
    const level = cause === 'ZOOM_APP_MISCONFIGURED' ? 'fatal' : 'warn';
    logger[level]({ err: error, userId, cause, zoomTrackingId }, 'refresh failed');
    await audit.publish(event);
    return { token: undefined };
  }

  /** Zoom refuses the token: adopts what another attempt has stored, or ends the grant and answers with the event. */
  async #giveUp(zoomTrackingId: string | undefined): Promise<AuditFacts | undefined> {
    const { grants, refreshes, clock } = this.dependencies;
    const unmoved = await this.#awaitLateWrite();
    if (unmoved) {
      const reason = rejectionReason(unmoved, this.lease.earlierOutcomeUnknown, clock());
      const event = this.#draft('grant.ended', reason, zoomTrackingId);
      if (await grants.end(unmoved, event)) return event;
    }
    await refreshes.settleFailure(this.lease, { outcomeKnown: true });
    return undefined;
  }

  /** Waits for tokens that may still be on their way to the row. The row, if it holds the refused token to the end. */
  async #awaitLateWrite(): Promise<Grant | undefined> {
    const { grant, formerOwnerSilent } = this.lease;
    const deadline = performance.now() + LATE_WRITE_MS;
    for (;;) {
      const stored = await this.dependencies.grants.find(grant.userId);
      if (stored?.tokenVersion !== grant.tokenVersion) return undefined;
      const mayCome = formerOwnerSilent || stored.unsettledAuthorization;
      if (!mayCome || performance.now() >= deadline) return stored;
      await sleep(LATE_WRITE_POLL_MS);
    }
  }

  async #backOff(
    failure: RefreshFailure & { kind: 'transient' },
    zoomTrackingId: string | undefined,
  ): Promise<AuditFacts> {
    const { refreshes, clock, jitter } = this.dependencies;
    const { code, outcomeKnown, retryAfter } = failure;
    const errorCount = this.lease.grant.refreshErrorCount + 1;
    const retryAt = nextAttemptAt(clock(), errorCount, jitter(), retryAfter);
    const event = this.#draft('refresh.failed', code, zoomTrackingId);
    await refreshes.settleFailure(this.lease, { outcomeKnown, backoff: { code, retryAt }, event });
    return event;
  }

  #draft<Cause extends string>(
    type: AuditEventType,
    cause: Cause,
    zoomTrackingId: string | undefined,
    tokenVersion?: number,
  ) {
    const { userId, grantGeneration } = this.lease.grant;
    const { origin } = this;
    return this.dependencies.audit.draft({
      ...{ type, cause, userId, origin, grantGeneration, tokenVersion, zoomTrackingId },
    });
  }
}
