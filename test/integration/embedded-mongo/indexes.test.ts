import { setTimeout as sleep } from 'node:timers/promises';
import { type Collection, type Document } from 'mongodb';
import { failure, startTestDatabase, type TestDatabase } from './support.js';

let database: TestDatabase;
let c: Collection;

beforeAll(async () => {
  database = await startTestDatabase({ ttlSeconds: 0.1 });
});
afterAll(() => database.stop());
beforeEach(() => {
  c = database.fresh();
});

test('a unique index refuses the second insert with keyPattern and keyValue', async () => {
  await c.createIndex({ email: 1 }, { unique: true });
  await c.insertOne({ email: 'a' });
  await expect(c.insertOne({ email: 'a' })).rejects.toMatchObject({
    code: 11000,
    message: `E11000 duplicate key error collection: ${c.namespace} index: email_1 dup key: { email: "a" }`,
    keyPattern: { email: 1 },
    keyValue: { email: 'a' },
  });
  await c.insertOne({});
  await expect(c.insertOne({})).rejects.toMatchObject({ code: 11000, keyValue: { email: null } });
});

test('a refused write leaves the document and every index as they were', async () => {
  await c.createIndex({ other: 1 });
  await c.createIndex({ email: 1 }, { unique: true });
  await c.insertMany([
    { email: 'a', other: 1 },
    { email: 'b', other: 2 },
  ] as Document[]);
  await expect(c.updateOne({ email: 'b' }, { $set: { email: 'a', other: 3 } })).rejects.toEqual(
    failure(11000),
  );
  await expect(c.findOneAndUpdate({ email: 'b' }, { $set: { email: 'a' } })).rejects.toMatchObject({
    code: 11000,
    keyPattern: { email: 1 },
    keyValue: { email: 'a' },
  });
  expect(await c.countDocuments({ other: 2, email: 'b' })).toBe(1);
  expect(await c.countDocuments({ other: 3 })).toBe(0);
});

test('the _id is unique', async () => {
  await c.insertOne({ _id: 'x' as never });
  await expect(c.insertOne({ _id: 'x' as never })).rejects.toThrow('index: _id_ dup key: { _id: "x" }');
});

test('a compound unique index compares all its fields', async () => {
  await c.createIndex({ tenant: 1, name: -1 }, { unique: true, name: 'tn' });
  await c.insertMany([
    { tenant: 1, name: 'a' },
    { tenant: 2, name: 'a' },
  ]);
  await expect(c.insertOne({ tenant: 1, name: 'a' })).rejects.toThrow('dup key: { tenant: 1, name: "a" }');
});

test('a partial unique index binds only the documents of its condition', async () => {
  await c.createIndex({ user: 1 }, { unique: true, partialFilterExpression: { active: true } });
  await c.insertMany([
    { user: 1, active: false },
    { user: 1, active: false },
    { user: 1, active: true },
  ]);
  await expect(c.insertOne({ user: 1, active: true })).rejects.toEqual(failure(11000));
  await expect(c.updateOne({ active: false }, { $set: { active: true } })).rejects.toEqual(failure(11000));
  await c.updateOne({ user: 1, active: true }, { $set: { active: false } });
  await c.insertOne({ user: 1, active: true });
});

test('an index cannot be made over documents that break it', async () => {
  await c.insertMany([{ a: 1 }, { a: 1 }]);
  await expect(c.createIndex({ a: 1 }, { unique: true })).rejects.toEqual(
    failure(11000, 'dup key: { a: 1 }'),
  );
  await c.insertOne({ a: 1 });
});

test('a sparse unique index lets absent fields be', async () => {
  await c.createIndex({ s: 1 }, { unique: true, sparse: true });
  await c.insertMany([{ a: 1 }, { a: 2 }, { s: 'x' }] as Document[]);
  await expect(c.insertOne({ s: 'x' })).rejects.toEqual(failure(11000));
});

test('an index made twice is one, other options or another name are refused', async () => {
  const create = { createIndexes: c.collectionName, indexes: [{ key: { a: 1 }, name: 'a_1' }] };
  expect(await database.db.command(create)).toEqual({ numIndexesBefore: 1, numIndexesAfter: 2, ok: 1 });
  expect(await database.db.command(create)).toEqual({ numIndexesBefore: 2, numIndexesAfter: 2, ok: 1 });
  await expect(c.createIndex({ a: 1 }, { unique: true })).rejects.toEqual(failure(86));
  await expect(c.createIndex({ a: 1 }, { name: 'other' })).rejects.toEqual(failure(85, 'a_1'));
});

test('the indexes are listed with their options, and can be dropped by name', async () => {
  await c.createIndex({ a: 1 }, { unique: true, name: 'first', partialFilterExpression: { b: 1 } });
  await c.insertOne({ a: 1, b: 1 });
  expect(await c.listIndexes().toArray()).toEqual([
    { v: 2, key: { _id: 1 }, name: '_id_', unique: true },
    { v: 2, key: { a: 1 }, name: 'first', unique: true, partialFilterExpression: { b: 1 } },
  ]);
  await c.dropIndex('first');
  await c.insertOne({ a: 1, b: 1 });
  await expect(c.dropIndex('first')).rejects.toEqual(failure(27, 'index not found with name [first]'));
  await expect(c.dropIndex('_id_')).rejects.toEqual(failure(72, 'cannot drop _id index'));
});

test('a count ends at its limit', async () => {
  await c.insertMany([{ a: 1 }, { a: 1 }, { a: 1 }] as Document[]);
  expect(await c.countDocuments({ a: 1 }, { limit: 2 })).toBe(2);
});

test('a TTL index deletes what has expired and nothing else', async () => {
  await c.createIndex({ at: 1 }, { expireAfterSeconds: 1 });
  await c.createIndex({ gone: -1 }, { expireAfterSeconds: 0, partialFilterExpression: { soft: true } });
  const past = new Date(Date.now() - 60_000);
  const future = new Date(Date.now() + 3_600_000);
  await c.insertMany([
    { n: 1, at: past },
    { n: 2, at: future },
    { n: 3, at: 'no date' },
    { n: 4, gone: past, soft: true },
    { n: 5, gone: past, soft: false },
    { n: 6, at: past },
  ] as Document[]);
  while ((await c.countDocuments()) > 3) await sleep(20);
  expect((await c.find().sort({ n: 1 }).toArray()).map(({ n }) => n as number)).toEqual([2, 3, 5]);
});

describe('with notablescan', () => {
  let strict: TestDatabase;
  beforeAll(async () => {
    strict = await startTestDatabase({ notablescan: true, ttlSeconds: 0.1 });
  });
  afterAll(() => strict.stop());

  test('a query that no index serves is refused with 291, naming its fields, though the collection is empty', async () => {
    const s = strict.fresh();
    await s.createIndex({ a: 1 });
    const refused = failure(291, '["b","$or"]');
    const filter = { b: 1, $or: [{ a: 1 }, { c: 1 }] };
    await expect(s.findOne(filter)).rejects.toEqual(refused);
    await expect(s.countDocuments(filter)).rejects.toEqual(refused);
    await expect(s.updateOne(filter, { $set: { b: 1 } })).rejects.toEqual(refused);
    await expect(s.deleteOne(filter)).rejects.toEqual(refused);
    await expect(s.findOneAndUpdate(filter, { $set: { b: 1 } })).rejects.toEqual(refused);
    await expect(s.find().toArray()).rejects.toEqual(failure(291));
  });

  test('what an index serves passes, by filter or by order', async () => {
    const s = strict.fresh();
    await s.createIndex({ a: 1, at: -1 });
    await s.insertMany([
      { a: 1, at: 1 },
      { a: 1, at: 2 },
      { a: 2, at: 3 },
    ]);
    expect(await s.find({ a: 1 }).sort({ at: -1 }).toArray()).toMatchObject([{ at: 2 }, { at: 1 }]);
    expect(await s.find().sort({ a: -1, at: 1 }).limit(1).toArray()).toMatchObject([{ a: 2, at: 3 }]);
    expect(await s.estimatedDocumentCount()).toBe(3);
    expect(await s.countDocuments({ a: { $in: [1, 2] } })).toBe(3);
  });

  test('expired documents are still deleted', async () => {
    const s = strict.fresh();
    await s.createIndex({ at: 1 }, { expireAfterSeconds: 0, partialFilterExpression: { x: 1 } });
    await s.insertOne({ x: 1, at: new Date(0) });
    while ((await s.estimatedDocumentCount()) > 0) await sleep(20);
  });
});
