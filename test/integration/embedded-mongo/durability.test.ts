import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Collection, MongoClient } from 'mongodb';
import { type EmbeddedMongo, startEmbeddedMongo } from '../../../src/dev/embedded-mongo/embedded-mongo.js';
import {
  type EmbeddedMongoProcess,
  startEmbeddedMongoProcess,
} from '../../support/embedded-mongo-process.js';
import { failure, temporaryFolder } from './support.js';

interface Row {
  _id: string;
  n: number;
  /** Always equal to n, unless a write was torn. */
  copy: number;
  pad?: string;
}

let dataDir: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  dataDir = temporaryFolder();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

async function startProcess(limits?: string): Promise<EmbeddedMongoProcess> {
  const started = await startEmbeddedMongoProcess(dataDir, limits);
  children.push(started.child);
  return started;
}

async function withServer<T>(use: (rows: Collection<Row>, server: EmbeddedMongo) => Promise<T>): Promise<T> {
  const server = await startEmbeddedMongo({ dataDir });
  const client = await MongoClient.connect(server.uri);
  try {
    return await use(client.db('test').collection<Row>('rows'), server);
  } finally {
    await client.close();
    await server.close();
  }
}

/** What was acknowledged to one writer: the number of each row, null for a deleted one. */
interface Writer {
  name: string;
  known: Map<string, number | null>;
  /** The row of the statement that is under way. Its outcome is unknown when the server is killed. */
  unsure?: string | undefined;
}

/** Inserts, increments and deletes until the server is gone. */
async function write(rows: Collection<Row>, writer: Writer, round: number): Promise<void> {
  const { name, known } = writer;
  const step = async (_id: string, run: () => Promise<number | null>): Promise<void> => {
    writer.unsure = _id;
    known.set(_id, await run());
    writer.unsure = undefined;
  };
  for (let i = 0; ; i++) {
    const batch = [0, 1, 2].map((k) => ({
      _id: `${name}-${round}-${i}-${k}`,
      n: i,
      copy: i,
      pad: 'x'.repeat(500),
    }));
    const [first, second] = batch.map(({ _id }) => _id) as [string, string];
    await rows.insertMany(batch);
    for (const { _id } of batch) known.set(_id, i);
    const change = { $inc: { n: 1, copy: 1 } };
    await step(first, async () => i + (await rows.updateOne({ _id: first }, change)).modifiedCount);
    const options = { upsert: true, returnDocument: 'after' } as const;
    await step(name, async () => (await rows.findOneAndUpdate({ _id: name }, change, options))?.n ?? null);
    await step(second, async () => ((await rows.deleteOne({ _id: second })).deletedCount ? null : i));
  }
}

async function killUnderWriters(writers: Writer[], round: number, milliseconds: number): Promise<void> {
  const { child, output } = await startProcess();
  const client = await MongoClient.connect(output, { serverSelectionTimeoutMS: 5_000 });
  const rows = client.db('test').collection<Row>('rows');
  const running = writers.map((writer) => write(rows, writer, round).catch(() => undefined));
  await sleep(milliseconds);
  child.kill('SIGKILL');
  await Promise.all(running);
  await client.close();
}

/** The rows that differ from what was acknowledged; the unsure one may be one step further. */
function lostBy({ known, unsure }: Writer, stored: Map<string, Row>): unknown[] {
  return [...known].filter(([id, acknowledged]) => {
    const found = stored.get(id)?.n ?? null;
    if (id !== unsure) return found !== acknowledged;
    known.set(id, found);
    return found !== acknowledged && found !== null && found !== (acknowledged ?? 0) + 1;
  });
}

test('no acknowledged write is lost and none is torn when the server is killed under eight writers', async () => {
  const writers = Array.from({ length: 8 }, (_, i): Writer => ({ name: `w${i}`, known: new Map() }));
  const acknowledged = (): number => writers.reduce((sum, { known }) => sum + known.size, 0);
  for (const [round, milliseconds] of [120, 250, 180, 310].entries()) {
    const before = acknowledged();
    await killUnderWriters(writers, round, milliseconds);
    expect(acknowledged()).toBeGreaterThan(before);
    const rows = await withServer((all) => all.find().toArray());
    const stored = new Map(rows.map((row) => [row._id, row]));
    expect(rows.filter(({ n, copy }) => n !== copy)).toEqual([]);
    expect(writers.flatMap((writer) => lostBy(writer, stored))).toEqual([]);
    // The documents of one insert are there together; only the middle one is ever deleted.
    const lasts = rows.filter(({ _id }) => _id.endsWith('-2'));
    expect(lasts.filter(({ _id }) => !stored.has(_id.replace(/2$/, '0')))).toEqual([]);
  }
});

test('indexes, expiry and drops survive a restart', async () => {
  await withServer(async (rows) => {
    await rows.createIndex({ n: 1 }, { unique: true, partialFilterExpression: { copy: { $gt: 0 } } });
    await rows.createIndex({ pad: -1 }, { expireAfterSeconds: 7 });
    await rows.insertOne({ _id: 'a', n: 1, copy: 1 });
    await rows.updateOne({ _id: 'a' }, { $set: { n: 2, copy: 2 } });
    const dropped = rows.db.client.db('dropped');
    await dropped.collection('rows').insertOne({});
    await dropped.dropDatabase();
  });
  await withServer(async (rows) => {
    expect(await rows.find().toArray()).toEqual([{ _id: 'a', n: 2, copy: 2 }]);
    await expect(rows.insertOne({ _id: 'b', n: 2, copy: 1 })).rejects.toEqual(failure(11000, 'index: n_1'));
    await rows.insertOne({ _id: 'b', n: 2, copy: 0 });
    await rows.createIndex({ pad: -1 }, { expireAfterSeconds: 7 });
    await expect(rows.createIndex({ pad: -1 }, { expireAfterSeconds: 8 })).rejects.toEqual(failure(86));
    expect(await rows.db.client.db('dropped').collection('rows').countDocuments()).toBe(0);
  });
});

test('a full disk turns writes into errors and takes nothing back that was acknowledged', async () => {
  const { child, output } = await startProcess('ulimit -f 2000');
  const client = await MongoClient.connect(output);
  const rows = client.db('test').collection<Row>('rows');
  const acknowledged: string[] = [];
  const insert = async (i: number): Promise<void> => {
    const _id = `row-${i}`;
    await rows.insertOne({ _id, n: i, copy: i, pad: 'x'.repeat(20_000) });
    acknowledged.push(_id);
  };
  const fill = async (): Promise<void> => {
    for (let i = 0; i < 1000; i++) await insert(i);
  };
  await expect(fill()).rejects.toEqual(failure(14031, 'could not be made durable'));
  const ids = async (from: Collection<Row>): Promise<string[]> =>
    (await from.find().toArray()).map(({ _id }) => _id);
  expect((await ids(rows)).sort()).toEqual(acknowledged.sort());
  await client.close();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await withServer(ids)).sort()).toEqual(acknowledged);
});

test('a second server on the folder is refused, in this process or another, and in time accepted', async () => {
  await withServer(async () => {
    await expect(startEmbeddedMongo({ dataDir })).rejects.toThrow(
      `${dataDir} is in use by another embedded database`,
    );
    await expect(startEmbeddedMongo({ dataDir, durable: false })).rejects.toThrow('in use');
    expect((await startProcess()).output).toContain(`error: The data folder ${dataDir} is in use`);
  });
  await withServer(async (rows) => expect(await rows.countDocuments()).toBe(0));
});

test('a socket left by a killed server is replaced, and only the owner may enter', async () => {
  writeFileSync(join(dataDir, 'mongo.sock'), '');
  await withServer(async (rows, { uri }) => {
    const path = decodeURIComponent(new URL(uri).host);
    expect(path).toBe(join(dataDir, 'mongo.sock'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await rows.insertOne({ _id: 'x', n: 1, copy: 1 });
  });
});

test('a folder with a long path has its socket elsewhere, in a folder of its own', async () => {
  const long = join(dataDir, 'x'.repeat(120));
  const server = await startEmbeddedMongo({ dataDir: long, durable: false });
  const path = decodeURIComponent(new URL(server.uri).host);
  expect(Buffer.byteLength(path)).toBeLessThan(104);
  expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  expect(statSync(long).mode & 0o777).toBe(0o700);
  const client = await MongoClient.connect(server.uri);
  await client.close();
  await server.close();
  expect(() => statSync(join(path, '..'))).toThrow('ENOENT');
});

test('an index that was dropped stays dropped, and the others stay', async () => {
  await withServer(async (rows) => {
    await rows.createIndex({ n: 1 }, { unique: true });
    await rows.createIndex({ copy: 1 });
    await rows.dropIndex('n_1');
  });
  await withServer(async (rows) => {
    expect((await rows.listIndexes().toArray()).map(({ name }) => name as string)).toEqual([
      '_id_',
      'copy_1',
    ]);
  });
});
