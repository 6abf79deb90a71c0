import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedMongo, startEmbeddedMongo } from '../../src/dev/embedded-mongo/embedded-mongo';

declare global {
  var embeddedMongo: EmbeddedMongo | undefined;
  var embeddedMongoFolder: string | undefined;
}

/** One database server for the run: the one that MONGODB_URI names, else the embedded one, which refuses table scans. */
export default async function globalSetup(): Promise<void> {
  if (process.env['MONGODB_URI']) {
    process.env['TEST_MONGODB_URI'] = process.env['MONGODB_URI'];
    return;
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'zoom-grant-test-'));
  globalThis.embeddedMongoFolder = dataDir;
  globalThis.embeddedMongo = await startEmbeddedMongo({ dataDir, durable: false, notablescan: true });
  process.env['TEST_MONGODB_URI'] = globalThis.embeddedMongo.uri;
}
