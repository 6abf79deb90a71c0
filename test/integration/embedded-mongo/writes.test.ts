import { type Collection, ObjectId } from 'mongodb';
import { startTestDatabase, type TestDatabase } from './support.js';

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

test('an update counts what matched and what changed', async () => {
  await c.insertOne({ _id: 1, n: 1 });
  const set = { $set: { n: 2 } };
  expect(await c.updateOne({ _id: 1 }, set)).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
  expect(await c.updateOne({ _id: 1 }, set)).toMatchObject({ matchedCount: 1, modifiedCount: 0 });
  expect(await c.updateOne({ _id: 9 }, set)).toMatchObject({ matchedCount: 0, modifiedCount: 0 });
  expect(await c.deleteOne({ n: { $gt: 1 } })).toMatchObject({ deletedCount: 1 });
  expect(await c.deleteOne({ n: { $gt: 1 } })).toMatchObject({ deletedCount: 0 });
});

test('an upsert takes the equalities of its filter and makes an ObjectId', async () => {
  const any = database.fresh();
  const filter = { 'key.a': 1, b: { $eq: 2 }, n: { $gt: 5 }, $or: [{ x: 1 }, { y: 2 }] };
  const update = { $setOnInsert: { born: true, b: 2 }, $inc: { count: 1 } };
  const made = await any.findOneAndUpdate(filter, update, { upsert: true, returnDocument: 'after' });
  expect(made?._id).toBeInstanceOf(ObjectId);
  expect(made).toEqual({ _id: made?._id, key: { a: 1 }, b: 2, born: true, count: 1 });
  expect(await any.find().toArray()).toEqual([made]);
});

test('an upsert keeps the _id of its filter, and returns null for the document before', async () => {
  expect(await c.findOneAndUpdate({ _id: 1 }, { $set: { n: 1 } }, { upsert: true })).toBeNull();
  expect(await c.find().toArray()).toEqual([{ _id: 1, n: 1 }]);
});

test('findAndModify returns the document before or after, by its sort', async () => {
  await c.insertMany([
    { _id: 1, n: 1 },
    { _id: 2, n: 2 },
  ]);
  expect(await c.findOneAndUpdate({}, { $inc: { n: 10 } }, { sort: { n: -1 } })).toEqual({ _id: 2, n: 2 });
  const after = { returnDocument: 'after' } as const;
  expect(await c.findOneAndUpdate({ n: 12 }, { $inc: { n: 1 } }, after)).toEqual({ _id: 2, n: 13 });
  expect(await c.findOneAndUpdate({ n: 99 }, { $inc: { n: 1 } })).toBeNull();
  expect(await c.findOneAndDelete({}, { sort: { n: -1 } })).toEqual({ _id: 2, n: 13 });
  expect(await c.findOneAndDelete({ _id: 2 })).toBeNull();
  expect(await c.countDocuments()).toBe(1);
});

test('findAndModify says whether it inserted', async () => {
  const update = { $setOnInsert: { n: 1 } };
  const options = { upsert: true, includeResultMetadata: true, returnDocument: 'after' } as const;
  expect(await c.findOneAndUpdate({ _id: 1 }, update, options)).toMatchObject({
    value: { _id: 1, n: 1 },
    lastErrorObject: { n: 1, updatedExisting: false, upserted: 1 },
  });
  expect((await c.findOneAndUpdate({ _id: 1 }, update, options)).lastErrorObject).toEqual({
    n: 1,
    updatedExisting: true,
  });
});

test('a guarded findAndModify has one winner among fifty', async () => {
  await c.insertOne({ _id: 1, n: 0 });
  const tries = Array.from({ length: 50 }, () => c.findOneAndUpdate({ _id: 1, n: 0 }, { $inc: { n: 1 } }));
  expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
});

test('a pipeline may compute from the document and from one instant', async () => {
  const any = database.fresh();
  await any.insertOne({ _id: 1 as never, version: 1 });
  const stage = {
    $set: {
      version: {
        $cond: [{ $eq: [{ $ifNull: ['$lease', null] }, null] }, { $add: ['$version', 1] }, '$version'],
      },
      lease: { owner: 'me', expiresAt: { $add: ['$$NOW', 30_000] } },
      at: '$$NOW',
    },
  };
  const after = await any.findOneAndUpdate({ _id: 1 as never }, [stage], { returnDocument: 'after' });
  expect(after).toMatchObject({ version: 2, lease: { owner: 'me' } });
  const { lease, at } = after as unknown as { lease: { expiresAt: Date }; at: Date };
  expect(lease.expiresAt.getTime() - at.getTime()).toBe(30_000);
  const free = { $expr: { $lte: ['$lease.expiresAt', '$$NOW'] } };
  expect(await any.countDocuments(free)).toBe(0);
});

test('an array in a document is an outbox: filled, found, counted and emptied by id', async () => {
  const any = database.fresh() as unknown as Collection<{ _id: number; outbox?: { _id: string }[] }>;
  await any.insertOne({ _id: 1 });
  const changed = { matchedCount: 1, modifiedCount: 1 };
  const unchanged = { matchedCount: 1, modifiedCount: 0 };
  expect(await any.updateOne({ _id: 1 }, { $pull: { outbox: { _id: 'x' } } })).toMatchObject(unchanged);
  expect(await any.updateOne({ _id: 1 }, { $push: { outbox: { _id: 'x' } } })).toMatchObject(changed);
  const more = { $push: { outbox: { $each: [{ _id: 'y' }, { _id: 'z' }] } } };
  expect(await any.updateOne({ _id: 1, 'outbox._id': 'x' }, more)).toMatchObject(changed);
  expect(await any.updateOne({ _id: 1 }, { $pull: { outbox: { _id: 'none' } } })).toMatchObject(unchanged);
  expect(await any.updateOne({ _id: 1 }, { $pull: { outbox: { _id: 'y' } } })).toMatchObject(changed);
  expect(await any.findOne({ _id: 1 })).toEqual({ _id: 1, outbox: [{ _id: 'x' }, { _id: 'z' }] });
  const gone = { $pull: { outbox: { _id: { $in: ['x', 'z'] } } } };
  expect(await any.countDocuments({ _id: 1, 'outbox.0': { $exists: true } })).toBe(1);
  expect(await any.findOneAndUpdate({ _id: 1 }, gone, { returnDocument: 'after' })).toEqual({
    _id: 1,
    outbox: [],
  });
  expect(await any.countDocuments({ _id: 1, 'outbox.0': { $exists: true } })).toBe(0);
});

test('a pipeline puts an event into the outbox, and takes it out with the mark that it waited', async () => {
  const any = database.fresh();
  await any.insertOne({ _id: 1 as never });
  const put = {
    outbox: { $concatArrays: [{ $ifNull: ['$outbox', []] }, [{ $literal: { _id: 'x', text: '$5' } }]] },
    outboxSince: { $ifNull: ['$outboxSince', '$$NOW'] },
  };
  const filled = await any.findOneAndUpdate({ _id: 1 as never }, [{ $set: put }], {
    returnDocument: 'after',
  });
  expect(filled).toEqual({ _id: 1, outbox: [{ _id: 'x', text: '$5' }], outboxSince: expect.any(Date) });
  const take = { outbox: { $filter: { input: '$outbox', cond: { $ne: ['$$this._id', 'x'] } } } };
  const unmark = { outboxSince: { $cond: [{ $gt: [{ $size: '$outbox' }, 0] }, '$outboxSince', '$$REMOVE'] } };
  await any.updateOne({ _id: 1 as never }, [{ $set: take }, { $set: unmark }]);
  expect(await any.findOne({ _id: 1 as never })).toEqual({ _id: 1, outbox: [] });
});

test('an insert of several stops at the first error', async () => {
  const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
  await expect(c.insertMany(documents)).rejects.toMatchObject({ code: 11000, insertedCount: 1 });
  expect(await c.countDocuments()).toBe(1);
});

test('an unacknowledged write is done and not answered', async () => {
  await c.insertOne({ _id: 1 }, { writeConcern: { w: 0 } });
  await c.insertOne({ _id: 2 });
  expect(await c.countDocuments()).toBe(2);
});
