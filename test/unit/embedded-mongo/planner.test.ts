import fc from 'fast-check';
import { compileFilter } from '../../../src/embedded-mongo/query/matcher';
import { parseSort } from '../../../src/embedded-mongo/query/sorting';
import { Collection } from '../../../src/embedded-mongo/storage/collection';
import { parseIndexSpec } from '../../../src/embedded-mongo/storage/index-spec';
import { volatileJournal } from '../../../src/embedded-mongo/storage/journal';
import { doc } from './as-bson';

const NOW = new Date(0);

function collectionWith(indexes: object[], documents: object[], notablescan = false): Collection {
  const collection = new Collection('db.c', volatileJournal(), notablescan);
  for (const [i, index] of indexes.entries()) {
    collection.createIndex(parseIndexSpec(doc({ name: `index ${i}`, ...index })));
  }
  for (const document of documents) collection.insert(doc(document));
  return collection;
}

function ids(collection: Collection, filter: object, sort: object = {}): unknown[] {
  const found = collection.find(compileFilter(doc(filter), NOW), { sort: parseSort(doc(sort)) });
  return found.map(({ document }) => String(document._id));
}

const scalar = fc.constantFrom<unknown>(null, 0, 1, 2, 3, 'a', 'b', true, new Date(1), new Date(2));
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
);
const documents = fc.array(fc.record({ a: value, b: value, c: scalar }, { requiredKeys: [] }), {
  maxLength: 25,
});
const condition = fc.oneof(
  value,
  fc.record({ $in: fc.array(value, { maxLength: 3 }) }),
  fc.record({ $gt: scalar }),
  fc.record({ $gte: scalar, $lt: scalar }),
  fc.record({ $lte: scalar }),
  fc.record({ $ne: scalar }),
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
  fc.record({ key, sparse: fc.constant(true) }),
  fc.record({
    key,
    partialFilterExpression: fc.constantFrom({ c: 1 }, { a: { $exists: true } }, { c: { $gt: 0 } }),
  }),
);

test('indexes never change what a query finds', () => {
  fc.assert(
    fc.property(
      documents,
      fc.uniqueArray(index, { maxLength: 3, selector: (i) => JSON.stringify(i) }),
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
      fc.uniqueArray(index, { maxLength: 3, selector: (i) => JSON.stringify(i) }),
      filter,
      sort,
      direction,
      (all, indexes, query, by, last) => {
        const numbered = all.map((document, _id) => ({ _id, ...document }));
        const order = { ...by, _id: last };
        expect(ids(collectionWith(indexes, numbered), query, order)).toEqual(
          ids(collectionWith([], numbered), query, order),
        );
      },
    ),
    { numRuns: 1500 },
  );
});

test('an index over two arrays of one document is refused', () => {
  const collection = collectionWith([{ key: { a: 1, b: 1 } }], []);
  expect(() => collection.insert(doc({ a: [1], b: [2] }))).toThrow(expect.objectContaining({ code: 171 }));
  expect(collection.size).toBe(0);
});

test('indexes follow updates and removals', () => {
  const collection = collectionWith([{ key: { a: 1 } }, { key: { c: -1, a: 1 } }], [], true);
  for (let i = 0; i < 50; i++) collection.insert(doc({ _id: i, a: i % 5, c: i % 3 }));
  for (const record of collection.find(compileFilter(doc({ a: 1 }), NOW))) {
    collection.replace(record, doc({ ...record.document, a: [7, 8], c: 9 }));
  }
  for (const record of collection.find(compileFilter(doc({ a: 2 }), NOW))) collection.remove(record);
  expect(ids(collection, { a: 1 })).toHaveLength(0);
  expect(ids(collection, { a: 8 })).toHaveLength(10);
  expect(ids(collection, { c: 9, a: 7 })).toHaveLength(10);
  expect(ids(collection, { a: { $gte: 0 } })).toHaveLength(40);
});

test.each<[object, object, object, object[]]>([
  [{ a: 1 }, { a: { $gt: 5, $lt: 3 } }, {}, [{ a: [1, 10] }]],
  [{ a: 1, c: 1 }, { a: { $gt: 5, $lt: 3 }, c: 1 }, {}, [{ a: [1, 10], c: 1 }]],
  [{ c: 1, a: 1 }, { c: 1, a: { $gt: 5, $lt: 3 } }, {}, [{ c: 1, a: [1, 10] }]],
  [{ a: 1 }, { a: { $gt: 5 } }, { a: 1 }, [{ a: [0, 9] }, { a: 7 }]],
  [{ a: 1 }, { a: { $lt: 5 } }, { a: -1 }, [{ a: [0, 9] }, { a: 3 }]],
  [{ a: 1 }, { a: [1, 2] }, {}, [{ a: [1, 2] }, { a: [[1, 2]] }]],
  [{ a: 1 }, { a: { $in: [[1, 2], 7] } }, {}, [{ a: [1, 2] }, { a: 7 }]],
  [{ a: 1 }, { a: { $gte: [1] } }, {}, [{ a: [1, 2] }, { a: [2] }]],
  [{ a: 1 }, { a: null }, {}, [{}, { a: null }, { a: [null] }]],
])('with index %j, %j sorted by %j finds all of %j in order', (key, query, sort, all) => {
  const numbered = all.map((document, _id) => ({ _id, ...document }));
  const others = [
    { _id: 100, a: [] },
    { _id: 101, a: 'x', c: 1 },
  ];
  const found = ids(collectionWith([{ key }], [...numbered, ...others]), query, sort);
  const expected = numbered.map(({ _id }) => String(_id));
  expect(Object.keys(sort).length ? found : found.sort()).toEqual(expected);
});

const INDEXES = [
  { key: { a: 1 } },
  { key: { b: 1, c: -1 } },
  { key: { d: 1 }, sparse: true },
  { key: { e: 1 }, partialFilterExpression: { active: true } },
  { key: { f: 1 }, partialFilterExpression: { f: { $exists: true } } },
  { key: { g: 1 }, partialFilterExpression: { g: { $type: 'string' } } },
  { key: { h: 1 }, partialFilterExpression: { h: { $type: 'null' } } },
];

test.each<[object, object]>([
  [{ _id: 1 }, {}],
  [{ a: 1, z: 1 }, {}],
  [{ a: { $in: [1, 2] } }, {}],
  [{ a: { $gt: 1 } }, {}],
  [{ b: 1 }, {}],
  [{ b: 1, c: { $lt: 5 } }, {}],
  [{ $or: [{ a: 1 }, { b: 2 }] }, {}],
  [{ $and: [{ a: 1 }] }, {}],
  [{ d: 'x' }, {}],
  [{ e: 1, active: true }, {}],
  [{ e: { $gt: 1 }, active: { $in: [true] } }, {}],
  [{ f: { $lt: 5 } }, {}],
  [{ g: 'x' }, {}],
  [{ g: { $in: ['x', 'y'] } }, {}],
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
  [{ a: { $ne: 1 } }, {}],
  [{ a: { $exists: true } }, {}],
  [{ $or: [{ a: 1 }, { z: 1 }] }, {}],
  [{ $nor: [{ a: 1 }] }, {}],
  [{ $expr: { $eq: ['$a', 1] } }, {}],
  [{ d: null }, {}],
  [{ e: 1 }, {}],
  [{ e: 1, active: false }, {}],
  [{ f: null }, {}],
  [{ g: 5 }, {}],
  [{ h: null }, {}],
  [{}, { c: 1 }],
  [{}, { b: 1, c: 1 }],
  [{}, { d: 1 }],
])('no index serves %j sorted by %j', (query, sort) => {
  expect(() => ids(collectionWith(INDEXES, [], true), query, sort)).toThrow(
    expect.objectContaining({ code: 291, codeName: 'NoQueryExecutionPlans' }),
  );
});
