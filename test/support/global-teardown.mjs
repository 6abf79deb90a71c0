import { rmSync } from 'node:fs';

/** Ends the database that the global setup started. */
export default async function globalTeardown() {
  await globalThis.embeddedMongo?.close();
  if (globalThis.embeddedMongoFolder)
    rmSync(globalThis.embeddedMongoFolder, { recursive: true, force: true });
}
