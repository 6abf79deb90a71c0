import { CALLBACK_PATH } from '../../src/http/callback-route.js';
import { WEBHOOK_PATH } from '../../src/http/webhook-route.js';
import { type SeededRandom } from '../support/seeded-random.js';
import { damagedBytes, ODD_TEXTS, pick } from './mutations.js';
import { type RawConnection } from './requests.js';

const JSON_BODY = '{"query":"{__typename}"}';
const PATHS = [
  '/graphql',
  CALLBACK_PATH,
  WEBHOOK_PATH,
  '/',
  '*',
  'http://[/',
  'http://other.example/graphql',
  '/%',
];

/** Requests as text that HTTP clients refuse to send. */
const TEMPLATES: readonly ((random: SeededRandom) => string)[] = [
  (random) =>
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${JSON_BODY.length}\r\n\r\n${JSON_BODY.slice(0, random.below(30))}`,
  () =>
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  (random) =>
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${random.below(99).toString(16)}\r\n${JSON_BODY}\r\n0\r\n\r\n`,
  (random) =>
    `GET ${pick(random, PATHS)} HTTP/1.1\r\nhost: ${pick(random, ['[', 'x', '', 'a b', 'x:99999999'])}\r\n\r\n`,
  (random) => `GET ${pick(random, PATHS)} HTTP/${pick(random, ['0.9', '1.0', '2.0', '9', 'x'])}\r\n\r\n`,
  (random) =>
    `${pick(random, ['TRACE', 'CONNECT', 'PRI', 'G\0T', ''])} ${pick(random, PATHS)} HTTP/1.1\r\nhost: x\r\n\r\n`,
  (random) => `GET / HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(random.below(3_000))}\r\n`,
  (random) =>
    `GET /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${pick(random, ODD_TEXTS)}\r\ncookie: ${pick(random, ODD_TEXTS)}\r\n\r\n`,
  (random) =>
    `GET ${CALLBACK_PATH}?state=${pick(random, ODD_TEXTS)}&code=\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n`,
  () => 'GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
  (random) => `GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(1 + random.below(40)),
];

/** Bytes for a connection: damaged HTTP, or no HTTP at all. */
export function rawConnection(random: SeededRandom): RawConnection {
  if (random.chance(0.1))
    return {
      channel: 'raw',
      bytes: Buffer.from(Array.from({ length: random.below(400) }, () => random.below(256))),
    };
  const bytes = Buffer.from(pick(random, TEMPLATES)(random), random.chance(0.5) ? 'latin1' : 'utf8');
  return { channel: 'raw', bytes: random.chance(0.4) ? damagedBytes(random, bytes) : bytes };
}
