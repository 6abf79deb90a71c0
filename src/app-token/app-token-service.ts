import { randomUUID } from 'node:crypto';
import { type BackgroundTasks } from '../lib/background-tasks.js';
import { type Clock } from '../lib/clock.js';
import { AppError } from '../lib/errors.js';
import { type Logger } from '../lib/logger.js';
import { type AppToken } from '../models/app-token.js';
import { type AccountCredentialsClient } from '../oauth/account-credentials-client.js';
import { TokenRequestError } from '../oauth/token-request-error.js';
import { type TokenResponse } from '../oauth/token-response.js';
import { type Secret } from '../lib/secret.js';
import { doublingPause, sleep } from '../lib/timing.js';
import { classifyAppTokenFailure, decideAppToken } from './app-token-policy.js';
import { type AppTokenStore } from './app-token-store.js';
import { type TokenCipher, TokenCipherError } from '../grants/token-cipher.js';
import { accessTokenExpiry, nextAttemptAt } from '../grants/refresh-policy.js';

/** A usable access token of the app. */
export interface AppAccessToken {
  value: Secret;
  /** Says which token this is: after Zoom has refused it, ask for another version. */
  version: number;
  scopes: readonly string[];
  apiUrl?: string;
}

/** What the service works with. */
export interface AppTokenDependencies {
  store: AppTokenStore;
  client: AccountCredentialsClient;
  cipher: TokenCipher;
  clock: Clock;
  jitter: () => number;
  logger: Logger;
  tasks: BackgroundTasks;
}

const FIELD = 'appAccessToken';
const POLL_MS = 50;
const LONGEST_POLL_MS = 250;
/** How long callers wait for another instance's request. */
const WAIT_FOR_HOLDER_MS = 60_000;

/** Hands out the Server-to-Server app's access token: one for all callers and all instances. */
export class AppTokenService {
  readonly #flights = new Map<number | undefined, Promise<AppAccessToken>>();

  constructor(private readonly dependencies: AppTokenDependencies) {}

  /**
   * A token with more than five minutes left, or a shorter one while Zoom's token endpoint is failing. When Zoom has
   * refused a token, name its version: the stored one is handed out if it is another, else replaced.
   * @throws AppError `ZOOM_APP_MISCONFIGURED`, `ZOOM_UNAVAILABLE`, `ZOOM_RATE_LIMITED`
   */
  getAccessToken(rejectedVersion?: number): Promise<AppAccessToken> {
    const running = this.#flights.get(rejectedVersion);
    if (running) return running;
    const flight = this.#provide(rejectedVersion).finally(() => this.#flights.delete(rejectedVersion));
    this.#flights.set(rejectedVersion, flight);
    // A shutdown waits for it: the token would be asked for again otherwise.
    this.dependencies.tasks.run(flight.catch(() => undefined));
    return flight;
  }

  async #provide(rejectedVersion: number | undefined): Promise<AppAccessToken> {
    const { store, clock } = this.dependencies;
    const patience = performance.now() + WAIT_FOR_HOLDER_MS;
    for (let polls = 0, rejected = rejectedVersion; ;) {
      const row = await store.read();
      const decision = decideAppToken(row, clock(), rejected);
      if (decision.kind === 'refuse') throw decision.error;
      if (decision.kind === 'use') {
        const token = await this.#open(row);
        if (token) return token;
        // Sealed with a key that has left the ring: another is there for the asking.
        rejected = row.version;
        continue;
      }
      const owner = randomUUID();
      if (await store.acquireLease(row.version, owner)) {
        const token = await this.#request(row, owner);
        if (token) return token;
        // The backoff stands in the row now: a token that still lives is used meanwhile.
        continue;
      }
      if (performance.now() > patience) throw new AppError('ZOOM_UNAVAILABLE');
      await sleep(doublingPause(POLL_MS, LONGEST_POLL_MS, ++polls));
    }
  }

  async #open({ _id, accessToken = '', version, scopes = [], apiUrl }: AppToken) {
    try {
      const value = await this.dependencies.cipher.open(accessToken, { userId: _id, field: FIELD });
      return { value, version, scopes, apiUrl };
    } catch (error) {
      if (!(error instanceof TokenCipherError)) throw error;
      this.dependencies.logger.error({ err: error }, "the app's stored token cannot be opened, asking anew");
      return undefined;
    }
  }

  async #request(row: AppToken, owner: string): Promise<AppAccessToken | undefined> {
    const { client, clock } = this.dependencies;
    const sentAt = clock();
    try {
      const response = await client.requestAccessToken();
      return await this.#store(row, response, sentAt);
    } catch (error) {
      if (!(error instanceof TokenRequestError)) throw error;
      await this.#backOff(row, owner, error);
      return undefined;
    }
  }

  async #store({ _id, version }: AppToken, response: TokenResponse, sentAt: Date): Promise<AppAccessToken> {
    const { accessToken, expiresInSeconds, scopes, apiUrl } = response;
    const usable = { scopes, ...(apiUrl && { apiUrl }) };
    const { cipher, store } = this.dependencies;
    await store.store(version, {
      ...usable,
      accessToken: await cipher.seal(accessToken, { userId: _id, field: FIELD }),
      expiresAt: accessTokenExpiry(sentAt, expiresInSeconds),
    });
    return { ...usable, value: accessToken, version: version + 1 };
  }

  async #backOff({ errorCount }: AppToken, owner: string, error: TokenRequestError): Promise<void> {
    const { store, clock, jitter, logger } = this.dependencies;
    const { code, retryAfter } = classifyAppTokenFailure(error.failure, clock());
    const retryAt = nextAttemptAt(clock(), errorCount + 1, jitter(), retryAfter);
    await store.release(owner, { code, retryAt });
    const level = code === 'ZOOM_APP_MISCONFIGURED' ? 'fatal' : 'warn';
    logger[level]({ err: error, code, zoomTrackingId: error.trackingId }, "no token for the platform's app");
  }
}
