import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// Compiled: Jest does not transform what a global setup imports.
import { startEmbeddedMongo } from '../../dist/dev/embedded-mongo/embedded-mongo.js';

/** Starts one database for the run: the one that MONGODB_URI names, else the embedded one, which refuses table scans. */
export default async function globalSetup() {
  if (process.env.MONGODB_URI) {
    process.env.TEST_MONGODB_URI = process.env.MONGODB_URI;
    return;
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'zoom-grant-test-'));
  globalThis.embeddedMongoFolder = dataDir;
  globalThis.embeddedMongo = await startEmbeddedMongo({ dataDir, durable: false, notablescan: true });
  process.env.TEST_MONGODB_URI = globalThis.embeddedMongo.uri;
}
