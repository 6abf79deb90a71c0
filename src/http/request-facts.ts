import { type FastifyRequest } from 'fastify';
import { isIP } from 'node:net';

const LONGEST_USER_AGENT = 256;
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/g;

/** The device of a request, for the audit trail. An address that is none, such as one that a client invented, is left out. */
export function deviceInfoOf({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>): {
  userAgent?: string;
  ipAddress?: string;
} {
  const userAgent = headers['user-agent']?.replace(CONTROL_CHARACTERS, '').slice(0, LONGEST_USER_AGENT);
  return { ...(userAgent && { userAgent }), ...(isIP(ip) !== 0 && { ipAddress: ip }) };
}

/**
 * What the callers of an address are counted under: the address, or the first 64 bits of an IPv6 address, because one
 * subscriber has all addresses of such a network (RFC 6177). What is no address is counted together.
 */
export function addressKeyOf(ip: string): string {
  if (isIP(ip) === 4) return ip;
  if (isIP(ip) !== 6) return 'no address';
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip) ?? [];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = (ip.split('%', 1)[0] ?? '').toLowerCase().split('::');
  const groups = head.split(':').filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  const all = [...groups, ...Array<string>(missing).fill('0'), ...(tail ?? '').split(':').filter(Boolean)];
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
