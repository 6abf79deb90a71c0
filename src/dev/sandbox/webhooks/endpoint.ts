import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { request } from 'undici';
import { type SandboxApp } from '../store/apps.js';
import { trackingId } from '../store/identifiers.js';

const ANSWER_TIMEOUT_MS = 3_000;
const FAILURES_THAT_DISABLE = 6;

/** An event to send to an app. */
export interface WebhookMessage {
  event: string;
  payload: Record<string, unknown>;
  /** Added to the signed timestamp. A negative value makes the event stale, a positive one dates it in the future. */
  timestampOffsetMs?: number;
  badSignature?: boolean;
  /** Whether `event_ts` is inside the payload, where one of Zoom's own clients expects it. */
  eventTsInPayload?: boolean;
}

/** The raw body of an event. It is made once, so that a retry sends the same bytes. */
export function webhookBody({ event, payload, eventTsInPayload }: WebhookMessage, nowMs: number): string {
  const body = eventTsInPayload
    ? { event, payload: { ...payload, event_ts: nowMs } }
    : { event, payload, event_ts: nowMs };
  return JSON.stringify(body);
}

/** The header `x-zm-signature`: it signs the timestamp header and the exact bytes of the body. */
export function signWebhook(secretToken: string, timestamp: string, rawBody: string): string {
  return `v0=${hmacHex(secretToken, `v0:${timestamp}:${rawBody}`)}`;
}

/** HMAC-SHA256 in hexadecimal. An endpoint validation asks for the same function of the plain token. */
export function hmacHex(secretToken: string, text: string): string {
  return createHmac('sha256', secretToken).update(text).digest('hex');
}

/** `status` is null if the endpoint sent no answer in time. */
interface EndpointAnswer {
  status: number | null;
  body: string;
}

/** Signs a body with the time `nowMs` and posts it to the app. Waits three seconds and follows no redirect. */
export async function postWebhook(
  app: SandboxApp,
  rawBody: string,
  nowMs: number,
  closing: AbortSignal,
  { timestampOffsetMs = 0, badSignature = false }: Partial<WebhookMessage> = {},
): Promise<EndpointAnswer> {
  const timestamp = String(Math.floor((nowMs + timestampOffsetMs) / 1000));
  const secret = badSignature ? randomUUID() : (app.webhookSecretToken ?? '');
  try {
    const response = await request(app.webhookUrl ?? '', {
      method: 'POST',
      body: rawBody,
      headers: webhookHeaders(app, timestamp, signWebhook(secret, timestamp, rawBody)),
      // One connection per event: after a restart of the receiver, an old connection would fail.
      reset: true,
      signal: AbortSignal.any([closing, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    return { status: response.statusCode, body: await response.body.text() };
  } catch {
    // The sender does not distinguish a refused connection, a broken one and a timeout.
    return { status: null, body: '' };
  }
}

function webhookHeaders(app: SandboxApp, timestamp: string, signature: string): Record<string, string> {
  return {
    'user-agent': 'Zoom Marketplace/1.0a',
    'content-type': 'application/json; charset=utf-8',
    'x-zm-request-timestamp': timestamp,
    'x-zm-signature': signature,
    'x-zm-request-id': randomUUID(),
    'x-zm-trackingid': trackingId(),
    traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`,
    clientid: app.clientId,
    'x-zoom-sandbox': '1',
  };
}

export interface EndpointValidation {
  valid: boolean;
  status: number | null;
  consecutiveFailures: number;
  /** True after six failures in a row: the app gets no more events. */
  disabled: boolean;
}

/** The event subscription of an app. Repeated failures of the endpoint validation disable it. */
export class EventSubscription {
  private failedValidations = 0;

  get isDisabled(): boolean {
    return this.failedValidations >= FAILURES_THAT_DISABLE;
  }

  /** Challenges the endpoint to prove that it knows the secret token. */
  async validate(app: SandboxApp, nowMs: number, closing: AbortSignal): Promise<EndpointValidation> {
    if (!app.webhookUrl) throw new Error('The app has no webhookUrl.');
    const plainToken = randomBytes(16).toString('base64url');
    const rawBody = webhookBody({ event: 'endpoint.url_validation', payload: { plainToken } }, nowMs);
    const answer = await postWebhook(app, rawBody, nowMs, closing);
    const expected = { plainToken, encryptedToken: hmacHex(app.webhookSecretToken ?? '', plainToken) };
    const valid = answer.status === 200 && matches(answer.body, expected);
    this.failedValidations = valid ? 0 : this.failedValidations + 1;
    return {
      valid,
      status: answer.status,
      consecutiveFailures: this.failedValidations,
      disabled: this.isDisabled,
    };
  }

  /** Forgets the failures of an earlier endpoint. */
  reset(): void {
    this.failedValidations = 0;
  }
}

function matches(body: string, expected: { plainToken: string; encryptedToken: string }): boolean {
  try {
    const given = JSON.parse(body) as Partial<typeof expected> | null;
    return given?.plainToken === expected.plainToken && given.encryptedToken === expected.encryptedToken;
  } catch {
    return false;
  }
}
