import { type Collection, type Document, Long } from 'mongodb';
import { failure, startTestDatabase, type TestDatabase } from './support.js';

let database: TestDatabase;
let c: Collection;

beforeAll(async () => {
  database = await startTestDatabase();
  c = database.fresh();
});
afterAll(() => database.stop());

const COMMANDS = [
  'noSuchCommand',
  'distinct',
  'constructor',
  'buildInfo',
  'explain',
  'mapReduce',
  'create',
  'drop',
].concat(['listCollections', 'listDatabases', 'collMod', 'renameCollection', 'bulkWrite']);
/** By the command it is sent with, each option with a value that mongod would take. */
const OPTIONS: Record<string, Document> = {
  find: {
    skip: 1,
    hint: 'a_1',
    collation: { locale: 'en' },
    min: {},
    max: {},
    tailable: true,
    let: {},
    comment: 'x',
  },
  insert: { bypassDocumentValidation: true, comment: 'x' },
  update: { let: {} },
  delete: { let: {} },
  count: { query: {}, limit: 1, skip: 1 },
  findAndModify: { fields: {}, arrayFilters: [], hint: 'a_1', collation: {}, bypassDocumentValidation: true },
  aggregate: { explain: true, allowDiskUse: true, hint: 'a_1' },
  createIndexes: { commitQuorum: 1 },
};
const VALID: Record<string, Document> = {
  insert: { documents: [{}], ordered: true },
  update: { updates: [], ordered: true },
  delete: { deletes: [], ordered: true },
  findAndModify: { remove: true },
  aggregate: { pipeline: [], cursor: {} },
  createIndexes: { indexes: [] },
};
const refusedOptions = Object.entries(OPTIONS).flatMap(([command, options]) =>
  Object.entries({ ...options, txnNumber: Long.ONE, startTransaction: true, autocommit: false }).map(
    ([option, value]): [Document, number, string] => [
      { [command]: 'c', ...VALID[command], [option]: value as unknown },
      40415,
      `'${command}.${option}'`,
    ],
  ),
);
const index = (options: Document): Document => ({
  createIndexes: 'c',
  indexes: [{ key: { a: 1 }, name: 'x', ...options }],
});
const pipeline = (...stages: Document[]): Document => ({ aggregate: 'c', pipeline: stages, cursor: {} });

test.each<[Document, number, string]>([
  ...COMMANDS.map((name): [Document, number, string] => [{ [name]: 'c' }, 59, `'${name}'`]),
  ...refusedOptions,
  [{ find: 'c', sort: { a: { $meta: 'textScore' } } }, 2, "'a'"],
  [{ find: 'c', filter: 5 }, 14, "'find.filter'"],
  [{ find: 'c', limit: -1 }, 14, "'find.limit'"],
  [{ find: 'c', projection: { a: 0 } }, 238, "'a'"],
  [{ find: 'c', projection: { _id: 0 } }, 238, "'_id'"],
  [{ find: 'c', projection: { 'a.b': 1 } }, 238, "'a.b'"],
  [{ find: 'c', projection: { a: '$b' } }, 238, "'a'"],
  [{ find: 5 }, 14, "'find.find'"],
  [{ find: '$x' }, 73, 'Invalid namespace'],
  [{ insert: '$x', documents: [{}], ordered: true }, 73, 'Invalid namespace'],
  [{ insert: 'c', documents: [{}], ordered: false }, 14, "'insert.ordered' must be true"],
  [{ findAndModify: 'c', query: {} }, 9, 'an update must be'],
  [{ findAndModify: 'c', query: {}, update: { a: 1 } }, 9, 'Replacements are not supported'],
  [{ findAndModify: 'c', query: {}, remove: true, new: true }, 9, "'new'"],
  [{ findAndModify: 'c', query: {}, remove: true, update: {} }, 9, "'update'"],
  [pipeline({ $lookup: {} }), 40415, "'aggregate.pipeline.$lookup'"],
  [pipeline({ $match: {} }), 40324, 'Unrecognized pipeline'],
  [pipeline({ $match: {} }, { $group: { _id: '$a', n: { $sum: 1 } } }), 40324, 'Unrecognized pipeline'],
  [
    pipeline({ $match: {} }, { $group: { _id: 1, n: { $sum: 1 } } }, { $limit: 1 }),
    40324,
    'Unrecognized pipeline',
  ],
  [{ ...pipeline(), cursor: { batchSize: 1 } }, 40415, "'aggregate.cursor.batchSize'"],
  [index({ key: { a: 'text' } }), 2, "'a'"],
  [index({ key: { a: 'hashed' } }), 2, "'a'"],
  [index({ key: { 'a.$**': 1 } }), 2, "'a.$**'"],
  [index({ key: {} }), 67, "'key'"],
  [index({ name: 5 }), 14, "indexes.name'"],
  [index({ unique: 1 }), 14, "indexes.unique'"],
  [index({ collation: {} }), 197, "indexes.collation'"],
  [index({ hidden: true }), 197, "indexes.hidden'"],
  [index({ background: true }), 197, "indexes.background'"],
  [index({ key: { a: 1, b: 1 }, expireAfterSeconds: 1 }), 67, "'expireAfterSeconds'"],
  [index({ expireAfterSeconds: -1 }), 14, "indexes.expireAfterSeconds'"],
  [index({ key: { a: 1, b: 1 }, sparse: true }), 67, "'sparse'"],
  [index({ sparse: true, partialFilterExpression: { a: 1 } }), 67, "'sparse'"],
  [index({ partialFilterExpression: { $or: [{ a: 1 }] } }), 67, "'partialFilterExpression'"],
  [index({ partialFilterExpression: { $expr: { $eq: ['$a', 1] } } }), 67, "'partialFilterExpression'"],
  [index({ partialFilterExpression: { a: { $type: 'string' } } }), 2, '$type'],
])('%j is refused with code %i', async (command, code, text) => {
  await expect(database.db.command(command)).rejects.toEqual(failure(code, text));
});

test.each<[string, () => Promise<unknown>, number, string]>([
  [
    'an upsert by update',
    () => c.updateOne({}, { $set: { a: 1 } }, { upsert: true }),
    40415,
    "'update.updates.upsert'",
  ],
  ['an update of many', () => c.updateMany({}, { $set: { a: 1 } }), 40415, "'update.updates.multi'"],
  ['a replacement', () => c.replaceOne({}, { a: 1 }), 9, 'Replacements are not supported'],
  ['a hint', () => c.updateOne({}, { $set: { a: 1 } }, { hint: 'a_1' }), 40415, "'update.updates.hint'"],
  ['a delete of many', () => c.deleteMany({}), 14, "'delete.deletes.limit' must be 1"],
  [
    'a collation',
    () => c.deleteOne({}, { collation: { locale: 'en' } }),
    40415,
    "'delete.deletes.collation'",
  ],
])('%s is refused in its statement', async (_title, run, code, text) => {
  await expect(run()).rejects.toEqual(failure(code, text));
});

test.each<[string, Document | Document[], number]>([
  ['a value that is no number cannot be incremented', { $inc: { text: 1 } }, 14],
  ['the _id cannot be changed', { $set: { _id: 2 } }, 66],
  ['the _id cannot be removed', { $unset: { _id: 1 } }, 66],
  ['a stage cannot change the _id', [{ $set: { _id: 2 } }], 66],
  ['paths cannot conflict', { $set: { b: 1 }, $inc: { b: 1 } }, 40],
  ['a field cannot be made inside a number', { $set: { 'number.x': 1 } }, 28],
  ['a value cannot be pushed to what is no array', { $push: { text: 1 } }, 2],
  ['a value cannot be pulled from what is no array', { $pull: { text: 'x' } }, 2],
  ['an operator that is not built is named', { $bit: { number: { and: 1 } } }, 9],
])('%s', async (_title, update, code) => {
  await c.findOneAndUpdate({ _id: 1 as never }, { $set: { text: 'x', number: 5 } }, { upsert: true });
  await expect(c.updateOne({ _id: 1 as never }, update)).rejects.toEqual(failure(code));
  expect(await c.findOne({ _id: 1 as never })).toEqual({ _id: 1, text: 'x', number: 5 });
});

test('an _id cannot be an array', async () => {
  await expect(c.insertOne({ _id: [1] as never })).rejects.toEqual(failure(2, 'of type array'));
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
  await expect(t.insertOne({ a: 1 }, { session })).rejects.toEqual(failure(40415, "'insert.txnNumber'"));
  await session.endSession();
  expect(await t.countDocuments()).toBe(0);
});
