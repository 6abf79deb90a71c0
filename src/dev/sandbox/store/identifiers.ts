import { randomBytes, randomInt } from 'node:crypto';

/** A random id in the form of Zoom's user, account and client ids: 22 base64url characters. */
export function zoomIdentifier(): string {
  return randomBytes(16).toString('base64url');
}

/** A random UUID of a meeting instance: 16 bytes in base64, so it can contain `/`, `+` and `=`. */
export function meetingUuid(): string {
  return randomBytes(16).toString('base64');
}

/** A random meeting number of 11 digits, above 2^32 and below 2^53. */
export function meetingNumber(): number {
  return randomInt(81_000_000_000, 90_000_000_000);
}

/** A random value for the header `x-zm-trackingid`. */
export function trackingId(): string {
  return `v=2.0;clid=us04;rid=WEB_${randomBytes(16).toString('hex')}`;
}

/** A UUID that must be encoded twice in a path, because it starts with `/` or contains `//`. */
export function awkwardUuid(kind: 'leading_slash' | 'double_slash'): string {
  const bytes = randomBytes(16);
  if (kind === 'leading_slash') bytes[0] = 0xfc;
  else bytes.fill(0xff, 6, 9);
  return bytes.toString('base64');
}
