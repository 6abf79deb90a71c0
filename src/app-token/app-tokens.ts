import { type TransientCode } from '../models/refresh-state.js';
import { accessTokenExpiry, nextAttemptAt } from '../grants/refresh-policy.js';
import { type Clock } from '../lib/clock.js';
import { type Logger } from '../lib/logger.js';
import { type Secret } from '../lib/secret.js';
import { type AccountCredentialsClient } from '../oauth/account-credentials-client.js';
import { TokenRequestError } from '../oauth/token-request-error.js';
import { classifyAppTokenFailure, decideAppToken } from './app-token-policy.js';

/** An access token of the app. */
export interface AppAccessToken {
  value: Secret;
  /** Identifies the token within this process. */
  version: number;
  expiresAt: Date;
  scopes: readonly string[];
  /** Base URL for API calls, if Zoom named one. */
  apiUrl: string | undefined;
  accountId: string;
}

/**
 * Provides the access token of the Server-to-Server app, one for all callers of this process. It is kept in memory:
 * Zoom issues as many tokens as are requested, and they are valid side by side, so instances need not share one.
 */
export class AppTokens {
  #token: AppAccessToken | undefined;
  #backoff: { code: TransientCode; retryAt: Date } | undefined;
  #failures = 0;
  #request: Promise<AppAccessToken | undefined> | undefined;

  constructor(
    private readonly dependencies: {
      client: AccountCredentialsClient;
      /** Zoom's id of the app's own organisation. */
      accountId: string;
      clock: Clock;
      /** A number from 0 to 1. */
      jitter: () => number;
      logger: Logger;
    },
  ) {}

  /**
   * A token with more than five minutes left, or a shorter one while token requests fail. Only one request is under way
   * at a time. If Zoom has refused a token, pass its version to get another one.
   * @throws AppError `ZOOM_APP_MISCONFIGURED`, `ZOOM_UNAVAILABLE`, `ZOOM_RATE_LIMITED`
   */
  async get(rejectedVersion?: number): Promise<AppAccessToken> {
    const { clock } = this.dependencies;
    for (;;) {
      const state = { token: this.#token, backoff: this.#backoff };
      const decision = decideAppToken(state, clock(), rejectedVersion);
      if (decision.kind === 'refuse') throw decision.error;
      if (decision.kind === 'use') return decision.token;
      // defence: app-token-callers-share-a-request
      this.#request ??= this.#requestToken().finally(() => (this.#request = undefined));
      const token = await this.#request;
      if (token) return token;
      // The request failed and a backoff has begun: decide again whether the token in memory can still be used.
    }
  }

  /** Undefined when the request failed; then a backoff has begun. */
  async #requestToken(): Promise<AppAccessToken | undefined> {
    const { client, clock, accountId } = this.dependencies;
    const sentAt = clock();
    try {
      const { accessToken: value, expiresInSeconds, scopes, apiUrl } = await client.requestAccessToken();
      const version = (this.#token?.version ?? 0) + 1;
      const expiresAt = accessTokenExpiry(sentAt, expiresInSeconds);
      this.#token = { value, version, expiresAt, scopes, apiUrl, accountId };
      this.#backoff = undefined;
      this.#failures = 0;
      return this.#token;
    } catch (error) {
      if (!(error instanceof TokenRequestError)) throw error;
      this.#beginBackoff(error);
      return undefined;
    }
  }

  #beginBackoff(error: TokenRequestError): void {
    const { clock, jitter, logger } = this.dependencies;
    const { code, retryAfter } = classifyAppTokenFailure(error.failure, clock());
    this.#failures += 1;
    this.#backoff = { code, retryAt: nextAttemptAt(clock(), this.#failures, jitter(), { retryAfter }) };
    const level = code === 'ZOOM_APP_MISCONFIGURED' ? 'fatal' : 'warn';
    logger[level](
      { err: error, code, zoomTrackingId: error.trackingId },
      "request for the platform app's token failed",
    );
  }
}
