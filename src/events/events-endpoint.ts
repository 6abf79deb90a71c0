import { Webhook } from 'standardwebhooks';
import { type Fetch } from '../lib/http-client.js';
import { type Secret } from '../lib/secret.js';
import { type Message } from './event-policy.js';

/** Where the platform takes events, and what they are signed with. */
export interface EventsEndpointSettings {
  /** Secret: addresses of receivers often hold a token. */
  url: Secret;
  /** `whsec_` and base64; every message is signed with each, so that they can be changed one after the other. */
  secrets: readonly Secret[];
}

/** The endpoint answered with something else than 2xx. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';

  constructor(readonly status: number) {
    super(`the events endpoint answered ${status}`);
  }
}

/** Longest wait for an answer, as Standard Webhooks recommends. */
export const DELIVERY_TIMEOUT_MS = 15_000;

/** The platform's endpoint for events. */
export class EventsEndpoint {
  constructor(
    private readonly settings: EventsEndpointSettings,
    private readonly fetch: Fetch,
  ) {}

  /**
   * Delivers a message once, signed as of `now` (Standard Webhooks: HMAC-SHA256 over id, timestamp and body). A redirect
   * is not followed: it would carry the event to somebody whom nobody configured.
   * @throws DeliveryError, or what `fetch` throws when no answer comes
   */
  async deliver({ id, body }: Message, now: Date): Promise<void> {
    const { url, secrets } = this.settings;
    const response = await this.fetch(url.reveal(), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': secrets
          .map((secret) => new Webhook(secret.reveal()).sign(id, now, body))
          .join(' '),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new DeliveryError(response.status);
  }
}
