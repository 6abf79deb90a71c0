import { randomBytes, randomUUID } from 'node:crypto';
import { request } from 'undici';
import { trackingId } from '../store/identifiers.js';
import { type SandboxApp } from '../store/apps.js';
import { type WebhookMessage } from './webhook-message.js';
import { signWebhook } from './webhook-signature.js';

const ANSWER_TIMEOUT_MS = 3_000;

/** What an endpoint answered in time; status null when it did not. */
export interface EndpointAnswer {
  status: number | null;
  body: string;
}

/** Signs a body for this moment and posts it to the app; waits three seconds and follows no redirect. */
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
      // One connection per event: a receiver that restarts must not be met with a stale socket.
      reset: true,
      signal: AbortSignal.any([closing, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    return { status: response.statusCode, body: await response.body.text() };
  } catch {
    // No connection, a broken one or no answer in time: all the same to the sender.
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
