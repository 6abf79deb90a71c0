import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Catalog } from './storage/catalog.js';
import { Cursors } from './commands/cursors.js';
import { Journal } from './storage/journal.js';
import { loadSqlite, type SqliteDatabase } from './storage/sqlite.js';
import { MongoServer } from './wire/server.js';

/** The longest path of a Unix socket on every system, without the terminating zero. */
const MAX_SOCKET_PATH_BYTES = 103;

export interface EmbeddedMongoOptions {
  /** Folder of the data and the socket; created with mode 0700. */
  dataDir: string;
  /** false: nothing is written to the disk, for fast tests. Default true. */
  durable?: boolean;
  /** Refuse a query that cannot use an index, with code 291, as mongod does with this parameter. Default false. */
  notablescan?: boolean;
  /** How often expired documents are deleted, seconds. Default 60. */
  ttlSeconds?: number;
}

/** A running embedded database. */
export interface EmbeddedMongo {
  /** mongodb:// URI with the percent-encoded path of the Unix socket. */
  readonly uri: string;
  /** Sends the waiting replies, then ends all connections and releases the folder. */
  close(): Promise<void>;
}

/**
 * Starts a server of the MongoDB wire protocol for one machine, for trying out, development and tests. It reads all
 * documents into memory, which takes seconds from 100,000 documents on.
 * Throws an error with a clear message when another server uses the folder, or when `libsql` is not installed.
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const openSqlite = await loadSqlite();
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = lockFolder(openSqlite(join(dataDir, 'lock.sqlite')), dataDir);
  let journal: Journal | undefined;
  try {
    journal = new Journal(openSqlite(options.durable === false ? ':memory:' : join(dataDir, 'data.sqlite')));
    return await serve(dataDir, journal, lock, options);
  } catch (error) {
    journal?.close();
    lock.close();
    throw error;
  }
}

async function serve(
  dataDir: string,
  journal: Journal,
  lock: SqliteDatabase,
  { notablescan = false, ttlSeconds = 60 }: EmbeddedMongoOptions,
): Promise<EmbeddedMongo> {
  const catalog = new Catalog(journal, notablescan);
  const cursors = new Cursors();
  const server = new MongoServer({ catalog, cursors }, journal);
  const socket = socketPath(dataDir);
  // This process owns the folder, so a socket in it was left by a server that was killed.
  rmSync(socket.path, { force: true });
  await server.listen(socket.path);
  chmodSync(socket.path, 0o600);
  const sweep = setInterval(() => {
    const now = new Date();
    cursors.dropIdle(now);
    catalog.removeExpired(now);
    server.flush();
  }, ttlSeconds * 1000).unref();
  return {
    uri: `mongodb://${encodeURIComponent(socket.path)}/?directConnection=true`,
    async close() {
      clearInterval(sweep);
      await server.close();
      journal.close();
      lock.close();
      rmSync(socket.folder ?? socket.path, { recursive: true, force: true });
    },
  };
}

/** The lock ends with the process, however it ends. */
function lockFolder(lock: SqliteDatabase, dataDir: string): SqliteDatabase {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    throw new Error(`The data folder ${dataDir} is in use by another embedded database.`, { cause });
  }
}

function socketPath(dataDir: string): { path: string; folder?: string } {
  const path = join(dataDir, 'mongo.sock');
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return { path };
  const folder = mkdtempSync(join(tmpdir(), 'embedded-mongo-'));
  return { path: join(folder, 'mongo.sock'), folder };
}
