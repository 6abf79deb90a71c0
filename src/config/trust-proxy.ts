import { isIP } from 'node:net';
import { z } from 'zod';
import { type TrustedProxies } from '../http/trusted-peers.js';
import { entriesOf } from './plain-values.js';

/** Names that Fastify knows for networks. */
const NAMED_NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal']);

function isNetwork(entry: string): boolean {
  if (NAMED_NETWORKS.has(entry)) return true;
  const [address = '', prefix, ...rest] = entry.split('/');
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (bits === 0 || address.includes('%') || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}

const isEveryAddress = (entry: string) => /\/0+$/.test(entry);

/** `false`, `true`, a number of hops from 1 to 16, or a comma separated list of addresses and networks. */
export const trustProxy = z
  .string()
  .default('false')
  .transform((value, context): TrustedProxies => {
    if (value === 'true' || value === 'false') return value === 'true';
    if (/^\d{1,2}$/.test(value) && Number(value) >= 1 && Number(value) <= 16) return Number(value);
    const entries = entriesOf(value);
    if (entries.length > 0 && entries.every(isNetwork)) return entries.some(isEveryAddress) ? true : entries;
    context.addIssue(
      'must be false, the number of proxies in front (1 to 16), or their addresses and networks, comma separated, such as 10.0.0.0/8 or loopback',
    );
    return z.NEVER;
  });
