import { randomBytes, randomInt } from 'node:crypto';

/** A random identifier shaped like Zoom's user, account and client ids: 22 base64url characters. */
export function zoomIdentifier(): string {
  return randomBytes(16).toString('base64url');
}

/** A random meeting instance id: base64 of 16 bytes, so it may hold `/`, `+` and `=`. */
export function meetingUuid(): string {
  return randomBytes(16).toString('base64');
}

/** A random meeting number of 11 digits, above 2^32 and below 2^53. */
export function meetingNumber(): number {
  return randomInt(81_000_000_000, 90_000_000_000);
}

/** A value of the `x-zm-trackingid` header. */
export function trackingId(): string {
  return `v=2.0;clid=us04;rid=WEB_${randomBytes(16).toString('hex')}`;
}

/** A UUID that must be double-encoded in a path: it starts with `/`, or it holds `//` further on. */
export function awkwardUuid(kind: 'leading_slash' | 'double_slash'): string {
  const bytes = randomBytes(16);
  if (kind === 'leading_slash') bytes[0] = 0xfc;
  else bytes.fill(0xff, 6, 9);
  return bytes.toString('base64');
}
