import { Webhook } from 'standardwebhooks';
import { type Fetch } from '../lib/http-client.js';
import { type Secret } from '../lib/secret.js';
import { type Message } from './event-policy.js';

/** Where the platform receives events, and the secrets that sign them. */
export interface EventsEndpointSettings {
  /** Secret, because the address of a receiver often contains a token. */
  url: Secret;
  /** `whsec_` and base64. Every message is signed with each of them, so that they can be rotated. */
  secrets: readonly Secret[];
}

/** The endpoint answered with another status than 2xx. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';

  constructor(readonly status: number) {
    super(`the events endpoint answered ${status}`);
  }

  /** Whether the endpoint refuses this event, and not every event at the moment. */
  get isAboutTheEvent(): boolean {
    return [400, 404, 409, 413, 422].includes(this.status);
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
   * Delivers a message once, signed as of `now` (Standard Webhooks: HMAC-SHA256 over id, timestamp and body). It does
   * not follow a redirect, which would send the event to an address that nobody configured.
   * @throws DeliveryError, or the error of `fetch` if no answer comes before the timeout or `signal` is aborted
   */
  async deliver({ id, body }: Message, now: Date, signal: AbortSignal): Promise<void> {
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
      // defence: redirect-is-not-followed
      redirect: 'manual',
      signal: AbortSignal.any([
        AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
        /* defence: shutdown-aborts-delivery */ signal,
      ]),
    });
    await response.body?.cancel();
    if (!response.ok) throw new DeliveryError(response.status);
  }
}
