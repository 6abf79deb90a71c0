import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { type Clock } from '../lib/clock.js';
import { AppError } from '../lib/errors.js';
import { type Fetch } from '../lib/http-client.js';
import { decideKeys, KEYS_COOLDOWN_MS, type KeysState } from './published-keys-policy.js';

/** How long (ms) a read may take. */
export const KEYS_TIMEOUT_MS = 5_000;
const LARGEST_ANSWER_BYTES = 1_048_576;
const PUBLIC_KEY_TYPES = new Set<unknown>(['RSA', 'EC', 'OKP']);

type Arguments = Parameters<JWTVerifyGetKey>;

export interface PublishedKeysDependencies {
  url: string;
  fetch: Fetch;
  clock: Clock;
  /** Called after each read that failed, at most every 30 seconds. Known keys stay in use for 24 hours. */
  onFailure: (error: unknown) => void;
}

/**
 * The keys that the platform publishes (RFC 7517). They are read again once a minute and when a token names an unknown
 * key; see {@link decideKeys}. An answer that is too large, cannot be read or holds no public key changes nothing.
 */
export class PublishedKeys {
  readonly #state: KeysState = { readAt: undefined, triedAt: undefined, lastFailed: false };
  #keys: JWTVerifyGetKey | undefined;
  #reading: Promise<void> | undefined;

  constructor(private readonly dependencies: PublishedKeysDependencies) {}

  /** Reads the keys, unless that is under way. Never rejects. */
  read(): Promise<void> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /**
   * The key that fits the header of a token.
   * @throws AppError `AUTHENTICATION_UNAVAILABLE`, JWKSNoMatchingKey, JWKSMultipleMatchingKeys
   */
  async find(...token: Arguments): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    for (let isKnown = true; ;) {
      const decision = decideKeys(this.#state, this.dependencies.clock().getTime(), isKnown);
      if (decision === 'unavailable') throw this.#unavailable();
      if (decision === 'read') await this.read();
      else if (decision === 'read_in_background') void this.read();
      if (decision === 'read' || !this.#keys) continue;
      try {
        return await this.#keys(...token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey) || !isKnown) throw error;
        isKnown = false;
      }
    }
  }

  async #readOnce(): Promise<void> {
    const { clock, onFailure } = this.dependencies;
    try {
      this.#keys = createLocalJWKSet(await this.#download());
      this.#state.lastFailed = false;
      this.#state.readAt = clock().getTime();
    } catch (error) {
      this.#state.lastFailed = true;
      onFailure(error);
    }
    this.#state.triedAt = clock().getTime();
  }

  async #download(): Promise<JSONWebKeySet> {
    const { url, fetch } = this.dependencies;
    const response = await fetch(url, {
      headers: { accept: 'application/json, application/jwk-set+json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(KEYS_TIMEOUT_MS),
    });
    const text = await limitedText(response);
    if (response.status !== 200) throw new Error(`the answer has the status ${response.status}`);
    const { keys } = JSON.parse(text) as Partial<JSONWebKeySet>;
    if (!Array.isArray(keys) || !keys.some((key: unknown) => isPublicKey(key)))
      throw new Error('the answer holds no public key');
    return { keys };
  }

  #unavailable(): AppError {
    const retryAt = new Date((this.#state.triedAt ?? 0) + KEYS_COOLDOWN_MS);
    return new AppError('AUTHENTICATION_UNAVAILABLE', { retryAt });
  }
}

function isPublicKey(key: unknown): boolean {
  return typeof key === 'object' && key !== null && 'kty' in key && PUBLIC_KEY_TYPES.has(key.kty);
}

async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (bytes > LARGEST_ANSWER_BYTES) throw new Error('the answer is larger than 1 MB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
