import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Collection, type Db, MongoClient } from 'mongodb';
import {
  type EmbeddedMongo,
  type EmbeddedMongoOptions,
  startEmbeddedMongo,
} from '../../../src/dev/embedded-mongo/embedded-mongo.js';

/** A folder of its own for one server, removed by `rmSync` in the test that made it. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'em-test-'));
}

/** A server with a connected client, for a whole test file. */
export interface TestDatabase {
  server: EmbeddedMongo;
  client: MongoClient;
  db: Db;
  /** A collection that no other test uses. */
  fresh(): Collection;
  stop(): Promise<void>;
}

let collections = 0;

/** Starts a server that keeps nothing on the disk. */
export async function startTestDatabase(options: Partial<EmbeddedMongoOptions> = {}): Promise<TestDatabase> {
  const dataDir = temporaryFolder();
  const server = await startEmbeddedMongo({ dataDir, durable: false, ...options });
  const client = await MongoClient.connect(server.uri);
  const db = client.db('test');
  return {
    server,
    client,
    db,
    fresh: () => db.collection(`c${collections++}`),
    async stop() {
      await client.close();
      await server.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Matches an error by its code and a part of its message. */
export function failure(code: number, text = ''): object {
  return expect.objectContaining({ code, message: expect.stringContaining(text) as string }) as object;
}
