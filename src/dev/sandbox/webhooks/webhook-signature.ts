import { createHmac } from 'node:crypto';

/** The `x-zm-signature` of a webhook: over the timestamp header and the very bytes of the body. */
export function signWebhook(secretToken: string, timestamp: string, rawBody: string): string {
  return `v0=${hmacHex(secretToken, `v0:${timestamp}:${rawBody}`)}`;
}

/** HMAC-SHA256 in hexadecimal, also what an endpoint must make of the plain token of its validation. */
export function hmacHex(secretToken: string, text: string): string {
  return createHmac('sha256', secretToken).update(text).digest('hex');
}
