import { type Origin } from '../../audit/audit-log.js';
import { type BackgroundTasks } from '../../lib/background-tasks.js';
import { type Clock } from '../../lib/clock.js';
import { type AccessToken } from './access-token.js';
import { type Grant } from '../grant.js';
import { type GrantStore } from '../store/grant-store.js';
import { type RefreshCause } from './refresh-attempt.js';
import { type Refresher } from './refresher.js';
import { decideAccess } from '../refresh-policy.js';

/** How an access token is asked for. */
export interface AccessTokenRequest {
  origin: Origin;
  /** The grant, if the caller has just read it. */
  grant?: Grant;
  /** The version that Zoom has refused (401/124). */
  rejectedVersion?: number;
}

/** Hands out access tokens that Zoom accepts, refreshing them when the policy says so. */
export class TokenService {
  constructor(
    private readonly grants: GrantStore,
    private readonly refresher: Refresher,
    private readonly clock: Clock,
    private readonly tasks: BackgroundTasks,
  ) {}

  /**
   * An access token with more than five minutes left, or a shorter one while Zoom's token endpoint is failing.
   * When Zoom has refused a token, names its version: the stored one is handed out if it is another, else refreshed.
   * @throws AppError as {@link Refresher.refresh}; for a grant that has ended without any call to Zoom.
   */
  async getAccessToken(userId: string, request: AccessTokenRequest): Promise<AccessToken> {
    const { origin, rejectedVersion } = request;
    const grant =
      rejectedVersion === undefined && request.grant ? request.grant : await this.grants.find(userId);
    const cause = rejectedVersion === undefined ? 'EXPIRY' : 'TOKEN_REJECTED';
    return this.#provide(grant, cause, origin, rejectedVersion);
  }

  /** Replaces the access token now, whatever it has left; joins a refresh that is under way. @throws AppError */
  async refreshNow(
    userId: string,
    origin: Origin,
    cause: RefreshCause = 'USER_REQUEST',
  ): Promise<AccessToken> {
    const grant = await this.grants.find(userId);
    return this.#provide(grant, cause, origin, grant?.tokenVersion);
  }

  /** Notes in the background that the grant has been used. */
  noteUse(grant: Grant): void {
    this.tasks.run(this.grants.touch(grant, this.clock()));
  }

  async #provide(
    grant: Grant | undefined,
    cause: RefreshCause,
    origin: Origin,
    rejectedVersion?: number,
  ): Promise<AccessToken> {
    const decision = decideAccess(grant, this.clock(), rejectedVersion);
    if (decision.kind === 'refuse') throw decision.error;
    if (decision.kind === 'use') return this.refresher.open(grant as Grant);
    return this.refresher.refresh(grant as Grant, { cause, origin, rejectedVersion });
  }
}
