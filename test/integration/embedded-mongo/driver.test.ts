import { type Binary, type Collection, Double, Int32, Long, MongoClient, ObjectId } from 'mongodb';
import { failure, startTestDatabase, type TestDatabase } from './support.js';

interface Numbered {
  _id: number;
  n?: number;
}

let database: TestDatabase;
let c: Collection<Numbered>;

beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.stop());
beforeEach(() => {
  c = database.fresh() as unknown as Collection<Numbered>;
});

test('the server presents itself as a standalone 7.0', async () => {
  const hello = await database.db.command({ hello: 1 });
  expect(hello).toMatchObject({
    maxWireVersion: 21,
    logicalSessionTimeoutMinutes: 30,
    isWritablePrimary: true,
  });
  expect(hello).not.toHaveProperty('setName');
  expect(hello).not.toHaveProperty('topologyVersion');
});

test('every BSON type that is stored comes back as it was', async () => {
  const any = database.fresh();
  const document = {
    _id: new ObjectId(),
    int: new Int32(1),
    long: Long.fromString('9007199254740993'),
    double: new Double(2.5),
    text: 'Straße \u0000 😀',
    date: new Date(5),
    bytes: Buffer.from('00ff', 'hex'),
    yes: true,
    nothing: null,
    nested: { list: [1, { x: [] }] },
  };
  await any.insertOne(document);
  const found = await any.findOne({ _id: document._id }, { promoteValues: false });
  expect(found).toMatchObject({
    ...{ yes: true, nothing: null, text: document.text, nested: { list: [new Int32(1), { x: [] }] } },
    int: document.int,
    long: document.long,
    double: document.double,
    date: document.date,
  });
  const { bytes } = (await any.findOne()) as unknown as { bytes: Binary };
  expect(bytes.value()).toEqual(document.bytes);
  expect(Object.keys(found ?? {})).toEqual(Object.keys(document));
});

test('find sorts by several keys and limits', async () => {
  await c.insertMany([3, 1, 2, 1].map((n, _id) => ({ _id, n })));
  expect(await c.find().sort({ n: 1, _id: -1 }).limit(2).toArray()).toEqual([
    { _id: 3, n: 1 },
    { _id: 1, n: 1 },
  ]);
});

test('a projection includes whole fields beside the _id', async () => {
  const any = database.fresh();
  await any.insertOne({ _id: 1 as never, a: 1, b: { c: 2 }, d: 3 });
  expect(await any.findOne({}, { projection: { b: 1, none: 1 } })).toEqual({ _id: 1, b: { c: 2 } });
  expect(await any.findOne({}, { projection: { _id: 1 } })).toEqual({ _id: 1 });
});

test('a cursor brings everything in batches and shows the data of its beginning', async () => {
  await c.insertMany(Array.from({ length: 1200 }, (_, _id) => ({ _id, n: _id % 7 })));
  const cursor = c.find({}, { batchSize: 100 }).sort({ n: 1, _id: -1 });
  expect(await cursor.next()).toEqual({ _id: 1197, n: 0 });
  await c.updateOne({ _id: 6 }, { $set: { n: 9 } });
  expect((await cursor.toArray()).at(-1)).toEqual({ _id: 6, n: 6 });
});

test('a cursor that was closed or never existed is not found', async () => {
  await c.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
  const first = await database.db.command({ find: c.collectionName, batchSize: 1 });
  const { id } = (first as { cursor: { id: Long } }).cursor;
  const killed = await database.db.command({ killCursors: c.collectionName, cursors: [Long.fromValue(id)] });
  expect(killed).toMatchObject({ cursorsKilled: [expect.anything()] });
  const more = { getMore: Long.fromValue(id), collection: c.collectionName };
  await expect(database.db.command(more)).rejects.toEqual(failure(43, 'not found'));
});

test('a batch never exceeds sixteen megabytes', async () => {
  const any = database.fresh();
  for (let i = 0; i < 5; i++) await any.insertOne({ big: Buffer.alloc(5_000_000, i) });
  const reply = await database.db.command({ find: any.collectionName });
  expect((reply as { cursor: { firstBatch: unknown[] } }).cursor.firstBatch).toHaveLength(3);
  expect(await any.find().toArray()).toHaveLength(5);
});

test('documents are counted, with a filter or without', async () => {
  await c.insertMany([1, 1, 2].map((n, _id) => ({ _id, n })));
  expect(await c.countDocuments({ n: 1 })).toBe(2);
  expect(await c.countDocuments({ n: 9 })).toBe(0);
  expect(await c.estimatedDocumentCount()).toBe(3);
});

test('a database is dropped with its indexes, and no other', async () => {
  const [other, others] = ['other', 'others'].map((name) => database.client.db(name).collection('a'));
  await other?.createIndex({ n: 1 }, { unique: true });
  for (const each of [other, others]) await each?.insertOne({ n: 1 });
  await other?.db.dropDatabase();
  expect([await other?.countDocuments(), await others?.countDocuments()]).toEqual([0, 1]);
  await other?.insertMany([{ n: 1 }, { n: 1 }]);
});

test('a session without a transaction works', async () => {
  await database.client.withSession(async (session) => {
    await c.insertOne({ _id: 1 }, { session, writeConcern: { w: 'majority' } });
    expect(await c.findOne({ _id: 1 }, { session, readConcern: 'majority', maxTimeMS: 500 })).toEqual({
      _id: 1,
    });
  });
});

test('many clients are served at once', async () => {
  const clients = await Promise.all(
    Array.from({ length: 5 }, () => MongoClient.connect(database.server.uri)),
  );
  const target = (client: MongoClient): Collection<Numbered> =>
    client.db('test').collection(c.collectionName);
  await Promise.all(clients.map((client, _id) => target(client).insertOne({ _id })));
  expect(await c.countDocuments()).toBe(5);
  await Promise.all(clients.map((client) => client.close()));
});
