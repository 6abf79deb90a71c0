import { randomBytes } from 'node:crypto';
import { startServer } from '../../src/app/server.js';
import { type EncryptionKey } from '../../src/grants/token-cipher.js';
import { type Harness, freePort, someUser, startHarness } from '../support/harness.js';
import { recordingLogger } from '../support/recording-logger.js';

const userId = someUser();
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.connect(userId);
});
afterAll(() => harness.close());

const keyNamed = (kid: string): EncryptionKey => ({ kid, key: new Uint8Array(randomBytes(32)) });

/** What `/readyz` of a further instance with these keys answers, and what it has logged as an error. */
async function instanceWith(...encryptionKeys: [EncryptionKey, ...EncryptionKey[]]) {
  const { logger, lines } = recordingLogger();
  const http = { ...harness.config.http, port: await freePort() };
  const server = await startServer({ ...harness.config, http, encryptionKeys }, { logger });
  const ready = await fetch(`${server.url}/readyz`);
  const answer: unknown = await ready.json();
  await server.close();
  return { status: ready.status, answer, errors: lines.filter(({ level }) => level === 'error') };
}

test('an instance whose keys open what is stored is ready', async () => {
  const [own] = harness.config.encryptionKeys;
  expect(await instanceWith(keyNamed('next'), own)).toEqual({
    status: 200,
    answer: { status: 'ok', database: 'ok', keys: 'ok' },
    errors: [],
  });
});

test.each([
  ['has another id', keyNamed('staging'), { missing: ['test'], wrong: [] }],
  ['has the same id and other bytes', keyNamed('test'), { missing: [], wrong: ['test'] }],
])('an instance whose key %s is not ready, and the log names the key', async (_what, key, expected) => {
  expect(await instanceWith(key)).toMatchObject({
    status: 503,
    answer: { status: 'unavailable', database: 'ok', keys: 'failed' },
    errors: [expected],
  });
});

test('an instance that has been ready stays ready when another one seals with a foreign key', async () => {
  expect((await fetch(`${harness.url}/readyz`)).status).toBe(200);
  await harness.database.models.grants.collection.updateOne(
    { userId },
    { $set: { zoomRefreshToken: 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoieCJ9.a.b.c.d' } },
  );
  await harness.advance(3_600_000);
  expect((await fetch(`${harness.url}/readyz`)).status).toBe(200);
});
