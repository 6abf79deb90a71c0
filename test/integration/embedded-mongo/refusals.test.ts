import { type Collection, type Document, Long } from 'mongodb';
import { failure, startTestDatabase, type TestDatabase } from './support';

let database: TestDatabase;
let c: Collection;

beforeAll(async () => {
  database = await startTestDatabase();
  c = database.fresh();
});
afterAll(() => database.stop());

test.each<[Document, number, string]>([
  [{ noSuchCommand: 1 }, 59, "'noSuchCommand'"],
  [{ distinct: 'c', key: 'a' }, 59, "'distinct'"],
  [{ constructor: 1 }, 59, "'constructor'"],
  [{ find: 'c', collation: { locale: 'en' } }, 40415, "'find.collation'"],
  [{ find: 'c', hint: 'a_1' }, 40415, "'find.hint'"],
  [{ find: 'c', sort: { a: { $meta: 'textScore' } } }, 2, "'a'"],
  [{ find: 'c', filter: 5 }, 14, "'find.filter'"],
  [{ find: 'c', limit: -1 }, 14, "'find.limit'"],
  [{ find: 5 }, 73, 'Invalid namespace'],
  [{ insert: '$x', documents: [{}] }, 0, ''],
  [
    { insert: 'c', documents: [{}], bypassDocumentValidation: true },
    40415,
    "'insert.bypassDocumentValidation'",
  ],
  [{ findAndModify: 'c', query: {}, update: {}, arrayFilters: [] }, 40415, "'findAndModify.arrayFilters'"],
  [{ findAndModify: 'c', query: {} }, 9, 'must be specified'],
  [{ findAndModify: 'c', query: {}, remove: true, new: true }, 9, "'new'"],
  [{ aggregate: 'c', pipeline: [{ $lookup: {} }], cursor: {} }, 40324, "'$lookup'"],
  [{ aggregate: 'c', pipeline: [{ $group: { _id: null, top: { $max: '$a' } } }], cursor: {} }, 238, "'top'"],
  [{ aggregate: 'c', pipeline: [], cursor: {}, explain: true }, 40415, "'aggregate.explain'"],
  [{ create: 'c', capped: true }, 40415, "'create.capped'"],
  [{ createIndexes: 'c', indexes: [{ key: { a: 'text' }, name: 'x' }] }, 67, "'a'"],
  [{ createIndexes: 'c', indexes: [{ key: { a: 'hashed' }, name: 'x' }] }, 67, "'a'"],
  [{ createIndexes: 'c', indexes: [{ key: { 'a.$**': 1 }, name: 'x' }] }, 67, "'a.$**'"],
  [{ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'x', collation: {} }] }, 197, "'collation'"],
  [
    { createIndexes: 'c', indexes: [{ key: { a: 1, b: 1 }, name: 'x', expireAfterSeconds: 1 }] },
    67,
    'expireAfterSeconds',
  ],
  [
    {
      createIndexes: 'c',
      indexes: [{ key: { a: 1 }, name: 'x', partialFilterExpression: { $or: [{ a: 1 }] } }],
    },
    67,
    '$or',
  ],
  [{ ping: 1, txnNumber: Long.ONE, lsid: {} }, 20, 'Transaction'],
])('%j is refused with code %i', async (command, code, text) => {
  const reply = database.db.command(command);
  if (code) await expect(reply).rejects.toEqual(failure(code, text));
  else expect((await reply).writeErrors[0]).toEqual(expect.objectContaining({ code: 73 }));
});

test('options of one statement are refused in its place', async () => {
  await expect(c.updateOne({}, { $set: { a: 1 } }, { hint: 'a_1' })).rejects.toEqual(
    failure(40415, "'update.updates.hint'"),
  );
  await expect(c.deleteOne({}, { collation: { locale: 'en' } })).rejects.toEqual(
    failure(40415, "'delete.deletes.collation'"),
  );
});

test.each<[string, Document | Document[], number]>([
  ['a value that is no number cannot be incremented', { $inc: { text: 1 } }, 14],
  ['the _id cannot be changed', { $set: { _id: 2 } }, 66],
  ['the _id cannot be removed', { $unset: { _id: 1 } }, 66],
  ['a stage cannot change the _id', [{ $set: { _id: 2 } }], 66],
  ['paths cannot conflict', { $set: { b: 1 }, $inc: { b: 1 } }, 40],
  ['a field cannot be made inside a number', { $set: { 'number.x': 1 } }, 28],
  ['an operator that is not built is named', { $bit: { number: { and: 1 } } }, 9],
])('%s', async (_title, update, code) => {
  await c.updateOne({ _id: 1 as never }, { $set: { text: 'x', number: 5 } }, { upsert: true });
  await expect(c.updateOne({ _id: 1 as never }, update)).rejects.toEqual(failure(code));
  expect(await c.findOne({ _id: 1 as never })).toEqual({ _id: 1, text: 'x', number: 5 });
});

test('an _id cannot be an array', async () => {
  await expect(c.insertOne({ _id: [1] as never })).rejects.toEqual(failure(53));
});

test('a replacement cannot be for many', async () => {
  const updates = [{ q: {}, u: { a: 1 }, multi: true }];
  const reply = await database.db.command({ update: c.collectionName, updates });
  expect(reply.writeErrors).toEqual([expect.objectContaining({ code: 9 })]);
});

test('a document over sixteen megabytes is refused, also when it grows to that', async () => {
  const big = database.fresh();
  await big.insertOne({ _id: 1 as never, bytes: Buffer.alloc(12_000_000) });
  const update = { $set: { more: Buffer.alloc(6_000_000) } };
  await expect(big.updateOne({ _id: 1 as never }, update)).rejects.toEqual(failure(10334));
});

test('a transaction is refused and leaves nothing', async () => {
  const t = database.fresh();
  const session = database.client.startSession();
  session.startTransaction();
  // The driver words code 20 in its own way.
  await expect(t.insertOne({ a: 1 }, { session })).rejects.toThrow('does not support retryable writes');
  await session.endSession();
  expect(await t.countDocuments()).toBe(0);
});
