import { type SeededRandom } from '../support/seeded-random.js';
import { callbackRequest } from './callback-requests.js';
import { graphqlRequest } from './graphql-requests.js';
import { rawConnection } from './raw-connections.js';
import { webhookRequest } from './webhook-requests.js';
import { type World } from './world.js';

/** What is fuzzed. `raw` are bytes on a connection that need not be HTTP. */
export type Channel = 'graphql' | 'callback' | 'webhook' | 'raw';

/** A request that an HTTP client can send. */
export interface HttpRequest {
  channel: Exclude<Channel, 'raw'>;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: Buffer | undefined;
  /** The statuses of which one has to come; undefined: any that is not ours, so below 500. */
  expected?: readonly number[] | undefined;
}

/** Bytes to be written as they are. The connection is half closed after them. */
export interface RawConnection {
  channel: 'raw';
  bytes: Buffer;
}

export type FuzzRequest = HttpRequest | RawConnection;

/** How many of a hundred requests each channel gets. */
const SHARES: readonly [Channel, number][] = [
  ['graphql', 60],
  ['callback', 17],
  ['webhook', 17],
  ['raw', 6],
];

/** The request for this randomness. What only the world knows (states, cookies, cursors) differs between two runs. */
export async function someRequest(random: SeededRandom, world: World): Promise<FuzzRequest> {
  const channel = channelOf(random.below(100));
  if (channel === 'graphql') return graphqlRequest(random, world);
  if (channel === 'callback') return callbackRequest(random, world);
  if (channel === 'webhook') return webhookRequest(random, world);
  return rawConnection(random);
}

function channelOf(percent: number): Channel {
  let sum = 0;
  return SHARES.find(([, share]) => percent < (sum += share))?.[0] ?? 'raw';
}

/** A caller's address: most are their own, some are not addresses. */
export function someAddress(random: SeededRandom): string {
  const parts = Array.from({ length: 4 }, () => random.below(256));
  if (random.chance(0.8)) return parts.join('.');
  if (random.chance(0.5)) return `2001:db8::${parts.map((part) => part.toString(16)).join(':')}`;
  return ['unknown', '"><b>', '999.1.1.1', '1.2.3.4, 5.6.7.8', ','.repeat(50)][random.below(5)] ?? '';
}
