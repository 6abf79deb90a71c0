import { join } from 'node:path';
import { type Config, ConfigError, loadConfig } from '../config/config.js';
import { openDatabase } from '../models/database.js';
import { describeForeignRows } from '../models/foreign-rows.js';
import { KeyRotation, type RotationProgress, type RotationResult } from '../grants/store/key-rotation.js';
import { TokenCipher } from '../grants/token-cipher.js';

/** Encrypts all stored secrets with the first key of TOKEN_ENCRYPTION_KEYS. Exit code 0 only if no other key is in use. */
async function main(): Promise<void> {
  const config = loadConfig();
  const [current, ...older] = config.encryptionKeys ?? [];
  if (!current || older.length === 0)
    throw new ConfigError([
      'TOKEN_ENCRYPTION_KEYS: needs the new key first and after it every older one that may still be in use',
    ]);
  const server = await databaseServer(config);
  const database = await openDatabase(server.uri);
  try {
    const rotation = new KeyRotation({
      models: database.models,
      cipher: new TokenCipher([current, ...older]),
      onProgress: printProgress,
    });
    process.exitCode = report(await rotation.run(), current.kid);
  } finally {
    await database.close();
    await server.close();
  }
}

async function databaseServer({ mongodbUri, dataDir }: Config) {
  if (mongodbUri) return { uri: mongodbUri.reveal(), close: () => Promise.resolve() };
  const { startEmbeddedMongo } = await import('../dev/embedded-mongo/embedded-mongo.js');
  return startEmbeddedMongo({ dataDir: join(dataDir, 'database') });
}

function printProgress({ collection, rows, total, resealed }: RotationProgress): void {
  const line = `${collection.padEnd(22)} ${rows} of ${total} rows, ${resealed} values sealed anew`;
  process.stdout.write(process.stdout.isTTY && rows < total ? `${line}\r` : `${line}\n`);
}

/** Prints the result; returns the exit code. */
function report({ resealed, refused, settled, skipped }: RotationResult, kid: string): number {
  const problems = [
    ...refused.map(
      ({ collection, userId, field, error }) =>
        `${collection}: ${field} of user ${userId} was left as it is: ${(error as Error).message}`,
    ),
    ...(settled
      ? []
      : [
          `A server still seals with an older key: give all of them the ring that begins with "${kid}", then run again.`,
        ]),
  ];
  const verdict =
    problems.length === 0
      ? `Everything is sealed with the key "${kid}" (${resealed} values anew). The older keys can be removed.`
      : `${resealed} values sealed anew with the key "${kid}". Keep the older keys.\n${problems.join('\n')}`;
  const others = describeForeignRows(skipped);
  process.stdout.write(
    `${verdict}\n${others === undefined ? '' : `Rows that are not ours were left as they are: ${others}.\n`}`,
  );
  return problems.length === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : String((error as Error).stack ?? error)}\n`,
  );
  process.exit(1);
});
