import fc from 'fast-check';
import { compileFilter } from '../../../../src/dev/embedded-mongo/query/filter.js';
import { parseOrder, parseIndexSpec } from '../../../../src/dev/embedded-mongo/storage/index-spec.js';
import { Collection } from '../../../../src/dev/embedded-mongo/storage/collection.js';
import { Journal } from '../../../../src/dev/embedded-mongo/storage/journal.js';
import { loadSqlite } from '../../../../src/dev/embedded-mongo/storage/sqlite.js';
import { type Doc } from '../../../../src/dev/embedded-mongo/query/values.js';
import { doc } from './as-bson.js';

const NOW = new Date(0);
const openSqlite = await loadSqlite();
const journal = new Journal(openSqlite(':memory:'));

function collectionWith(indexes: object[], documents: object[], notablescan = false): Collection {
  const collection = new Collection('db.c', journal, notablescan);
  for (const [i, index] of indexes.entries()) {
    collection.createIndex(parseIndexSpec(doc({ name: `index ${i}`, ...index })));
  }
  for (const document of documents) collection.insert(doc(document));
  return collection;
}

function ids(collection: Collection, filter: object, sort: object = {}, limit?: number): unknown[] {
  const found = collection.find(compileFilter(doc(filter), NOW), parseOrder(doc(sort)), limit);
  return found.map(({ document }) => String(document._id));
}

const scalar = fc.constantFrom<unknown>(null, 0, 1, 2, 3, 'a', 'b', true, new Date(1), new Date(2));
const documents = fc.array(fc.record({ a: scalar, b: scalar, c: scalar }, { requiredKeys: [] }), {
  maxLength: 25,
});
const condition = fc.oneof(
  scalar,
  fc.record({ $in: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ $gt: scalar }),
  fc.record({ $gt: scalar, $lt: scalar }),
  fc.record({ $lte: scalar }),
  fc.record({ $exists: fc.boolean() }),
);
const simple = fc.record({ a: condition, b: condition, c: condition }, { requiredKeys: [] });
const filter = fc.oneof(
  simple,
  fc.record(
    { $or: fc.array(simple, { minLength: 1, maxLength: 3 }), c: condition },
    { requiredKeys: ['$or'] },
  ),
);
const direction = fc.constantFrom(1, -1);
const key = fc.oneof(
  fc.record({ a: direction }),
  fc.record({ a: direction, c: direction }),
  fc.record({ c: direction, b: direction }),
  fc.record({ c: direction, a: direction, _id: direction }),
);
const index = fc.oneof(
  fc.record({ key }),
  fc.record({ key: fc.record({ a: direction }), sparse: fc.constant(true) }),
  fc.record({
    key,
    partialFilterExpression: fc.constantFrom({ c: 1 }, { a: { $exists: true } }, { c: { $gt: 0 } }),
  }),
);

test('indexes never change what a query finds', () => {
  fc.assert(
    fc.property(
      documents,
      fc.uniqueArray(index, { maxLength: 3, selector: (i) => JSON.stringify(i.key) }),
      filter,
      (all, indexes, query) => {
        const numbered = all.map((document, _id) => ({ _id, ...document }));
        const expected = ids(collectionWith([], numbered), query);
        expect(ids(collectionWith(indexes, numbered), query).sort()).toEqual(expected.sort());
      },
    ),
    { numRuns: 1500 },
  );
});

test('indexes never change the order of a sorted query', () => {
  const sort = fc.record({ a: direction, c: direction }, { requiredKeys: [] });
  fc.assert(
    fc.property(
      documents,
      fc.uniqueArray(index, { maxLength: 3, selector: (i) => JSON.stringify(i.key) }),
      filter,
      sort,
      direction,
      fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      (all, indexes, query, by, last, limit) => {
        const numbered = all.map((document, _id) => ({ _id, ...document }));
        const order = { ...by, _id: last };
        expect(ids(collectionWith(indexes, numbered), query, order, limit)).toEqual(
          ids(collectionWith([], numbered), query, order, limit),
        );
      },
    ),
    { numRuns: 1500 },
  );
});

test('of two indexes the one that fixes more fields is read', () => {
  const collection = collectionWith(
    [{ key: { a: 1 } }, { key: { b: 1, a: 1 } }],
    [
      { a: 1, b: 2 },
      { a: 1, b: 1 },
    ],
  );
  let read = 0;
  const filter = compileFilter(doc({ a: 1, b: 1 }), NOW);
  const matches = (document: Doc): boolean => (read++, filter.matches(document));
  expect(collection.find({ ...filter, matches })).toHaveLength(1);
  expect(read).toBe(1);
});

test('an index that gives the order stops reading at the limit', () => {
  const all = Array.from({ length: 50 }, (_, _id) => ({ _id }));
  let read = 0;
  const filter = compileFilter({}, NOW);
  const matches = (): boolean => (read++, true);
  const collection = collectionWith([], all, true);
  expect(collection.find({ ...filter, matches }, parseOrder({ _id: -1 }), 3)).toHaveLength(3);
  expect(read).toBe(3);
});

test('an array or a NaN cannot be indexed, and leaves nothing behind', () => {
  const collection = collectionWith([{ key: { b: 1 } }, { key: { a: 1 } }], [{ _id: 1, a: 1, b: 1 }]);
  const refused = expect.objectContaining({ code: 2 }) as Error;
  for (const a of [[1], NaN, {}]) expect(() => collection.insert(doc({ a, b: 2 }))).toThrow(refused);
  const [record] = collection.find(compileFilter({ a: 1 }, NOW));
  expect(() => record && collection.replace(record, doc({ _id: 1, a: [2], b: 2 }))).toThrow(refused);
  expect([collection.size, ids(collection, { b: 2 }), ids(collection, { a: 1 })]).toEqual([1, [], ['1']]);
});

test('indexes follow updates and removals', () => {
  const collection = collectionWith([{ key: { a: 1 } }, { key: { c: -1, a: 1 } }], [], true);
  for (let i = 0; i < 50; i++) collection.insert(doc({ _id: i, a: i % 5, c: i % 3 }));
  for (const record of collection.find(compileFilter(doc({ a: 1 }), NOW))) {
    collection.replace(record, doc({ ...record.document, a: 8, c: 9 }));
  }
  for (const record of collection.find(compileFilter(doc({ a: 2 }), NOW))) collection.remove(record);
  expect(ids(collection, { a: 1 })).toHaveLength(0);
  expect(ids(collection, { a: 8 })).toHaveLength(10);
  expect(ids(collection, { c: 9, a: 8 })).toHaveLength(10);
  expect(ids(collection, { a: { $lte: 8 } })).toHaveLength(40);
});

const INDEXES = [
  { key: { a: 1 } },
  { key: { b: 1, c: -1 } },
  { key: { d: 1 }, sparse: true },
  { key: { e: 1 }, partialFilterExpression: { active: true } },
  { key: { f: 1 }, partialFilterExpression: { f: { $exists: true } } },
];

test.each<[object, object]>([
  [{ _id: 1 }, {}],
  [{ a: 1, z: 1 }, {}],
  [{ a: { $in: [1, 2] } }, {}],
  [{ a: { $gt: 1 } }, {}],
  [{ b: 1 }, {}],
  [{ b: 1, c: { $lt: 5 } }, {}],
  [{ $or: [{ a: 1 }, { b: 2 }] }, {}],
  [{ d: 'x' }, {}],
  [{ e: 1, active: true }, {}],
  [{ e: { $gt: 1 }, active: { $in: [true] } }, {}],
  [{ f: 5 }, {}],
  [{ z: 1, $or: [{ a: null }, { a: { $lt: 2 } }] }, {}],
  [{ a: 1, $or: [{ y: null }, { z: { $lt: 2 } }] }, {}],
  [{}, { a: -1 }],
  [{}, { b: -1, c: 1 }],
  [{ z: 1 }, { a: 1 }],
])('an index serves %j sorted by %j', (query, sort) => {
  expect(() => ids(collectionWith(INDEXES, [], true), query, sort)).not.toThrow();
});

test.each<[object, object]>([
  [{}, {}],
  [{ z: 1 }, {}],
  [{ c: 1 }, {}],
  [{ a: { $exists: true } }, {}],
  [{ $or: [{ a: 1 }, { z: 1 }] }, {}],
  [{ $expr: { $eq: ['$a', 1] } }, {}],
  [{ d: null }, {}],
  [{ e: 1 }, {}],
  [{ e: 1, active: false }, {}],
  [{ f: null }, {}],
  [{ f: { $in: ['x', null] } }, {}],
  [{}, { c: 1 }],
  [{}, { b: 1, c: 1 }],
  [{}, { d: 1 }],
])('no index serves %j sorted by %j', (query, sort) => {
  expect(() => ids(collectionWith(INDEXES, [], true), query, sort)).toThrow(
    expect.objectContaining({ code: 291, codeName: 'NoQueryExecutionPlans' }),
  );
});
