import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Secret } from '../lib/secret.js';

/** The largest difference between a webhook's timestamp and our clock. Zoom documents no limit; five minutes are usual. */
const REPLAY_WINDOW_MS = 5 * 60_000;

/** The headers that a webhook is verified by. */
export interface WebhookSignature {
  /** `x-zm-signature`: `v0=` and a hexadecimal HMAC. */
  signature: string | undefined;
  /** `x-zm-request-timestamp`: seconds since the epoch. */
  timestamp: string | undefined;
}

/** What a webhook is found to be. `stale`: correctly signed, but not of now. */
export type WebhookVerdict = 'genuine' | 'unsigned' | 'forged' | 'stale';

/**
 * Verifies the raw bytes of a webhook: HMAC-SHA256 over `v0:<timestamp>:<body>`, compared in constant time, with a
 * timestamp within five minutes of `now`.
 * @see docs/zoom-protocol.md §7
 */
export function verifyWebhook(
  rawBody: Buffer,
  { signature, timestamp }: WebhookSignature,
  secretToken: Secret,
  now: Date,
): WebhookVerdict {
  if (!signature || !timestamp || !/^\d{1,12}$/.test(timestamp)) return 'unsigned';
  const expected = createHmac('sha256', secretToken.reveal())
    .update(`v0:${timestamp}:`)
    .update(rawBody)
    .digest('hex');
  const [given, wanted] = [Buffer.from(signature), Buffer.from(`v0=${expected}`)];
  // defence: webhook-signature
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return 'forged';
  // defence: webhook-is-of-now
  return Math.abs(Number(timestamp) * 1000 - now.getTime()) > REPLAY_WINDOW_MS ? 'stale' : 'genuine';
}

/** The answer to the challenge by which Zoom validates an endpoint (docs/zoom-protocol.md §7). */
export function answerChallenge(
  plainToken: string,
  secretToken: Secret,
): { plainToken: string; encryptedToken: string } {
  return {
    plainToken,
    encryptedToken: createHmac('sha256', secretToken.reveal()).update(plainToken).digest('hex'),
  };
}
