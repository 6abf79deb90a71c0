import { type Collection, Double, Int32, Long, MongoClient, ObjectId } from 'mongodb';
import { failure, startTestDatabase, type TestDatabase } from './support';

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
  expect((await database.db.admin().buildInfo()).version).toMatch(/^7\.0/);
});

test('every BSON type that is stored comes back as it was', async () => {
  const any = database.fresh();
  const document = {
    _id: new ObjectId(),
    int: new Int32(1),
    long: Long.fromString('9007199254740993'),
    double: new Double(2),
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
    int: document.int,
    long: document.long,
    double: document.double,
    date: document.date,
  });
  expect((await any.findOne({ bytes: document.bytes }))?.bytes.value()).toEqual(document.bytes);
  expect(Object.keys(found ?? {})).toEqual(Object.keys(document));
});

test('find sorts by several keys, skips and limits', async () => {
  await c.insertMany([3, 1, 2, 1].map((n, _id) => ({ _id, n })));
  expect(await c.find().sort({ n: 1, _id: -1 }).skip(1).limit(2).toArray()).toEqual([
    { _id: 1, n: 1 },
    { _id: 2, n: 2 },
  ]);
});

test('a cursor brings everything in batches and shows the data of its beginning', async () => {
  await c.insertMany(Array.from({ length: 1200 }, (_, _id) => ({ _id, n: _id % 7 })));
  const cursor = c.find({}, { batchSize: 100 }).sort({ n: 1, _id: -1 });
  expect(await cursor.next()).toEqual({ _id: 1197, n: 0 });
  await c.deleteMany({});
  expect((await cursor.toArray()).at(-1)).toEqual({ _id: 6, n: 6 });
});

test('a cursor that was closed or never existed is not found', async () => {
  await c.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
  const first = await database.db.command({ find: c.collectionName, batchSize: 1 });
  const { id } = first.cursor as { id: Long };
  const killed = await database.db.command({ killCursors: c.collectionName, cursors: [Long.fromValue(id)] });
  expect(killed.cursorsKilled).toHaveLength(1);
  const more = { getMore: Long.fromValue(id), collection: c.collectionName };
  await expect(database.db.command(more)).rejects.toEqual(failure(43, 'not found'));
});

test('a batch never exceeds sixteen megabytes', async () => {
  const any = database.fresh();
  for (let i = 0; i < 5; i++) await any.insertOne({ big: Buffer.alloc(5_000_000, i) });
  const reply = await database.db.command({ find: any.collectionName });
  expect(reply.cursor.firstBatch).toHaveLength(3);
  expect(await any.find().toArray()).toHaveLength(5);
});

test('counting and grouping into sums', async () => {
  await c.insertMany([1, 1, 2].map((n, _id) => ({ _id, n })));
  expect(await c.countDocuments({ n: 1 }, { limit: 5, skip: 1 })).toBe(1);
  expect(await c.estimatedDocumentCount()).toBe(3);
  const groups = [
    { $match: { n: { $gt: 0 } } },
    { $group: { _id: '$n', count: { $sum: 1 }, ids: { $sum: '$_id' } } },
    { $sort: { _id: -1 } },
  ];
  expect(await c.aggregate(groups).toArray()).toEqual([
    { _id: 2, count: 1, ids: 2 },
    { _id: 1, count: 2, ids: 1 },
  ]);
});

test('databases and collections are listed and dropped', async () => {
  const other = database.client.db('other');
  await other.createCollection('a');
  await expect(other.createCollection('a')).rejects.toEqual(failure(48));
  await other.collection('b').insertOne({});
  expect(
    (await other.listCollections({ name: 'b' }, { nameOnly: true }).toArray()).map(({ name }) => name),
  ).toEqual(['b']);
  expect(await other.collection('a').drop()).toBe(true);
  expect((await database.db.admin().listDatabases()).databases.map(({ name }) => name)).toContain('other');
  await other.dropDatabase();
  expect(await other.listCollections().toArray()).toEqual([]);
});

test('a session without a transaction works', async () => {
  await database.client.withSession(async (session) => {
    await c.insertOne({ _id: 1 }, { session, writeConcern: { w: 'majority' } });
    expect(
      await c.findOne({ _id: 1 }, { session, readConcern: 'majority', maxTimeMS: 500, comment: 'x' }),
    ).toEqual({ _id: 1 });
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
