import { BlockList, isIP } from 'node:net';

/** Whether the peer at this many hops from the server is a proxy of ours. The nearest peer has the hop 0. */
export type TrustsPeer = (address: string, hop: number) => boolean;

/** The proxies that are trusted: all, none, a number of hops, or addresses and networks. */
export type TrustedProxies = boolean | number | readonly string[];

/** Names of networks, as Express and Fastify have them. */
const NAMED_NETWORKS: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.1/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Decides for each peer whether what it forwards is believed. An address that cannot be read trusts nobody. */
export function trustOf(proxies: TrustedProxies): TrustsPeer {
  if (typeof proxies === 'boolean') return () => proxies;
  if (typeof proxies === 'number') return (_address, hop) => hop < proxies;
  const list = new BlockList();
  for (const network of proxies.flatMap((name) => NAMED_NETWORKS[name] ?? [name])) add(list, network);
  return (address) => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}

function add(list: BlockList, network: string): void {
  const [address = '', bits] = network.split('/');
  const version = isIP(address);
  if (version === 0) return;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}
