import { getIntrospectionQuery } from 'graphql';
import { setTimeout as sleep } from 'node:timers/promises';
import { encryptionKey } from '../support/encryption-key.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { someUser, tokenFor } from '../support/harness.js';
import { sample } from '../support/process-metrics.js';
import { rawConnection, rawOperation } from '../support/raw-client.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

const DOCUMENTS = 1_000;
const AT_ONCE = 50;
const HEAP_MB = 256;

let database: TestDatabase;
let server: ServerProcess;
beforeAll(async () => {
  database = testDatabase();
  server = await startServerProcess({
    mongodbUri: database.uri,
    sandboxUrl: 'http://127.0.0.1:9',
    redirectUri: 'http://localhost/api/zoom/oauth/user-callback',
    encryptionKeys: encryptionKey('k1'),
    nodeArguments: [`--max-old-space-size=${HEAP_MB}`],
    // Where everybody may read the schema, a stranger can ask for most.
    env: { GRAPHQL_INTROSPECTION: 'true', LOG_LEVEL: 'error' },
  });
});
afterAll(async () => {
  await server.kill();
  await database.drop();
});

const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');

/** The worst that we know: what multiplies lists, what is just within the budget, and what is long to validate. */
const WORST = [
  `{ __schema { types { ${aliases(10, 'fields { ...F }')} } } } fragment F on __Field { ${aliases(980, 'description')} }`,
  `{ __schema { types { ${aliases(9, 'fields { ...F }')} } } } fragment F on __Field { ${aliases(90, 'description')} }`,
  getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true, specifiedByUrl: true }),
  `{ __schema { types { ${aliases(90, 'description')} } } }`,
  `{ __schema { types { fields { description args { description type { name } } } } } }`,
  `{ __schema { types { ${'fields { name args { name } } '.repeat(450)} } } }`,
  `{ ${aliases(50, 'zoomConnection { status }')} }`,
  `{ ${'zoomConnection { status } '.repeat(1_000)} }`,
  `{ ...f0 } ${Array.from({ length: 30 }, (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`).join(' ')} fragment f30 on Query { __typename }`,
  `{ ${'l'.repeat(100_000)}: __typename }`,
  `{ __typename # ${'c'.repeat(200_000)}\n}`,
];

/** A signed-in user asks, and gets an answer; answers how long it took, in milliseconds. */
async function serve(userId: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await tokenFor(() => new Date(), userId)}`,
    },
    body: '{"query":"{ zoomConnection { status } }"}',
    signal: AbortSignal.timeout(20_000),
  });
  expect(await response.json()).toEqual({ data: { zoomConnection: { status: 'NOT_CONNECTED' } } });
  return performance.now() - began;
}

test('a thousand of the worst anonymous documents whose answers nobody reads: users are served on', async () => {
  const userId = someUser();
  await serve(userId);
  const rss = () => sample(server.url, 'process_resident_memory_bytes').then((bytes) => bytes / 1024 ** 2);
  const before = await rss();
  const waits: number[] = [];
  const connections = [];
  for (let sent = 0; sent < DOCUMENTS; sent += AT_ONCE) {
    const wave = Array.from({ length: AT_ONCE }, (_, index) => {
      // Each one differs, so that no cache helps.
      const query = `${WORST[index % WORST.length]} # ${sent + index}`;
      return rawConnection(server.url, rawOperation(query), { reads: false });
    });
    connections.push(...(await Promise.all(wave)));
    waits.push(await serve(userId));
    expect(server.alive()).toBe(true);
  }
  const peak = await rss();
  await serve(userId);
  for (const { socket } of connections) socket.destroy();
  await sleep(1_000);
  await serve(userId);
  const after = await rss();
  const longest = Math.max(...waits);
  if (process.env['FIGURES'])
    process.stderr.write(
      `RSS in MB: ${Math.round(before)} before, ${Math.round(peak)} with all answers unread, ${Math.round(after)} after. Longest wait of a user: ${Math.round(longest)} ms\n`,
    );
  expect(server.alive()).toBe(true);
  expect(longest).toBeLessThan(15_000);
  expect(peak).toBeLessThan(HEAP_MB * 2.5);
  expect(server.log()).not.toMatch(/"level":"(error|fatal)"/);
}, 180_000);
