import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type mongo } from 'mongoose';
import { type Server, startServer } from '../../src/app/server.js';
import { KeyRotation } from '../../src/grants/store/key-rotation.js';
import { TokenCipher } from '../../src/grants/token-cipher.js';
import { type Models } from '../../src/models/database.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

const GUIDE = readFileSync(join(import.meta.dirname, '../..', 'docs/operations.md'), 'utf8');
/** The collections that the runbook empties when the key is lost. */
const EMPTIED = [...GUIDE.matchAll(/^ +db\.(\w+)\.deleteMany\(\{.*\}\);$/gm)].map(([, name = '']) => name);
const NEW_KEY = { kid: 'new', key: new Uint8Array(32).fill(9) };
const STATUS = '{ zoomConnection { status } }';

/** The collections that hold sealed values, and how many values the new key cannot open. */
async function sealedValues(models: Models) {
  const collections = new Set<string>();
  const rotation = new KeyRotation({
    models,
    cipher: new TokenCipher([NEW_KEY]),
    onProgress: ({ collection }) => collections.add(models[collection as keyof Models].collection.name),
  });
  const { refused } = await rotation.run();
  return { collections: [...collections], lost: refused.length };
}

/** As `deleteMany` does where all rows are ours. The embedded database deletes one document at a time. */
async function empty(collection: Pick<mongo.Collection, 'find' | 'deleteOne'>): Promise<void> {
  const rows = await collection.find().sort({ _id: 1 }).toArray();
  for (const { _id } of rows) await collection.deleteOne({ _id });
}

let harness: Harness;
let server: Server | undefined;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => {
  await server?.close();
  await harness.close();
});

test('after the loss of the key, the steps of the runbook let everybody connect again', async () => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  await harness.server.close();

  const { connection, models } = harness.database;
  const { collections, lost } = await sealedValues(models);
  expect(EMPTIED.toSorted()).toEqual(collections.toSorted());
  expect(lost).toBeGreaterThan(0);
  for (const name of EMPTIED) await empty(connection.collection(name));
  expect((await sealedValues(models)).lost).toBe(0);

  server = await startServer(
    { ...harness.config, encryptionKeys: [NEW_KEY] },
    { logger: harness.log.logger, clock: harness.clock },
  );
  expect((await harness.graphql(userId, STATUS)).data.zoomConnection.status).toBe('NOT_CONNECTED');
  const again = await harness.connect(userId, { zoomUserId });
  expect(again.location).toContain('zoom=connected');
  expect((await harness.graphql(userId, STATUS)).data.zoomConnection.status).toBe('CONNECTED');
  expect((await harness.graphql(userId, '{ zoomProfile { id } }')).data.zoomProfile.id).toBe(zoomUserId);
});
