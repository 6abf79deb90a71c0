import { rmSync } from 'node:fs';

/** Ends what the setup started. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.embeddedMongo?.close();
  if (globalThis.embeddedMongoFolder)
    rmSync(globalThis.embeddedMongoFolder, { recursive: true, force: true });
}
