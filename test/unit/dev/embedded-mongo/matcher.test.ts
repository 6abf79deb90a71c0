import { Binary, BSONRegExp, Long } from 'bson';
import { compileFilter } from '../../../../src/dev/embedded-mongo/query/filter.js';
import { doc } from './as-bson.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const matches = (filter: object, document: object): boolean =>
  compileFilter(doc(filter), NOW).matches(doc(document));

test.each<[object, object]>([
  [{}, { a: 1 }],
  [{ a: 1 }, { a: 1 }],
  [{ a: null }, {}],
  [{ a: null }, { a: null }],
  [{ a: { $eq: null } }, {}],
  [{ 'a.b': null }, { a: {} }],
  [{ 'a.b': null }, { a: 5 }],
  [{ 'a.b': 1 }, { a: { b: 1 } }],
  [{ a: { $gt: 1, $lt: 3 } }, { a: 2 }],
  [{ a: { $lte: null } }, {}],
  [{ a: { $lt: new Date(10) } }, { a: new Date(9) }],
  [{ a: { $in: [1, null] } }, {}],
  [{ a: { $in: ['x', 'y'] } }, { a: 'y' }],
  [{ a: { $exists: true } }, { a: null }],
  [{ a: { $exists: false } }, {}],
  [{ $or: [{ a: 1 }, { b: 1 }] }, { b: 1 }],
  [
    { $or: [{ a: null }, { a: { $lte: 5 } }], b: 1 },
    { a: 5, b: 1 },
  ],
  [{ $expr: { $lte: [{ $ifNull: ['$lease.expiresAt', new Date(0)] }, '$$NOW'] } }, {}],
  [{ $expr: { $lte: ['$at', '$$NOW'] } }, { at: new Date('2025-12-31') }],
  [{ $expr: { $and: [{ $gte: ['$a', 1] }, { $lt: ['$a', 2] }, { $ne: ['$a', null] }] } }, { a: 1 }],
  [{ $expr: { $or: [{ $gt: ['$a', 1] }, { $not: ['$b'] }] } }, { a: 1 }],
  [{ $expr: { $and: [] } }, {}],
  [{ 'a._id': 'x' }, { a: [{ _id: 'y' }, 5, { _id: 'x' }] }],
  [{ 'a._id': { $in: ['x'] } }, { a: [{ _id: 'x' }] }],
  [{ 'a.n': { $gt: 1, $lt: 0 } }, { a: [{ n: 2 }, { n: -1 }] }],
  [{ 'a.b.c': 1 }, { a: { b: [{ c: 1 }] } }],
  [{ 'a.b': 1 }, { a: [{ b: 1 }] }],
  [{ 'a.0': { $exists: true } }, { a: ['x'] }],
  [{ 'a.0': { $exists: false } }, { a: [] }],
  [{ 'a.0': { $exists: false } }, {}],
  [{ 'a.1.b': 2 }, { a: [{ b: 1 }, { b: 2 }] }],
])('%j matches %j', (filter, document) => {
  expect(matches(filter, document)).toBe(true);
});

test.each<[object, object]>([
  [{ a: 1 }, { a: '1' }],
  [{ a: null }, { a: 0 }],
  [{ 'a.b': 1 }, { a: { b: 2 } }],
  [{ a: { $gt: 1 } }, { a: 'x' }],
  [{ a: { $gt: null } }, { a: null }],
  [{ a: { $lt: 5 } }, {}],
  [{ a: { $lt: 5 } }, { a: null }],
  [{ a: { $lt: new Date(10) } }, { a: 5 }],
  [{ a: { $exists: true } }, {}],
  [{ constructor: { $exists: true } }, {}],
  [{ $or: [{ a: 1 }, { b: 1 }] }, { c: 1 }],
  [{ $or: [{ a: 1 }], b: 1 }, { a: 1 }],
  [{ $expr: { $lte: ['$lease.expiresAt', '$$NOW'] } }, { lease: { expiresAt: new Date('2027-01-01') } }],
  [{ $expr: { $eq: ['$a', null] } }, {}],
  [{ $expr: { $or: [] } }, {}],
  [{ $expr: { $not: '$a' } }, { a: 1 }],
  [{ 'a._id': 'x' }, { a: [{ _id: 'y' }, 'x'] }],
  [{ 'a._id': 'x' }, { a: [] }],
  [{ 'a._id': 'x' }, { a: [[{ _id: 'x' }]] }],
  [{ 'a.b': { $exists: false } }, { a: [{}, { b: 1 }] }],
  [{ 'a.0': { $exists: true } }, { a: [] }],
  [{ 'a.1.b': 1 }, { a: [{ b: 1 }, { b: 2 }] }],
])('%j does not match %j', (filter, document) => {
  expect(matches(filter, document)).toBe(false);
});

test.each<[object, number, string]>([
  ...['$ne', '$nin', '$gte', '$not', '$type', '$all', '$size', '$mod', '$regex', '$elemMatch', '$foo'].map(
    (name): [object, number, string] => [{ a: { [name]: 1 } }, 2, `unknown operator: ${name}`],
  ),
  ...['$and', '$nor', '$where', '$text', '$comment', '$jsonSchema'].map((name): [object, number, string] => [
    { [name]: [{ a: 1 }] },
    2,
    `unknown top level operator: ${name}`,
  ]),
  ...['$min', '$subtract', '$concat', '$in', '$map', '$reduce', '$first', '$foo'].map(
    (name): [object, number, string] => [
      { $expr: { [name]: [1, 2] } },
      168,
      `Unrecognized expression '${name}'`,
    ],
  ),
  [{ a: { $gt: 1, b: 2 } }, 2, 'unknown operator: b'],
  [{ a: { b: 2, $gt: 1 } }, 2, 'unknown operator: b'],
  [{ a: { $exists: 1 } }, 2, '$exists needs a boolean'],
  [{ $or: [] }, 2, '$or must be a nonempty array'],
  [{ a: { $in: 1 } }, 2, '$in needs an array'],
  [{ a: NaN }, 2, 'cannot compare or index NaN'],
  [{ a: [1] }, 2, 'cannot compare or index a value of type array'],
  [{ a: { b: 1 } }, 2, 'cannot compare or index a value of type object'],
  [{ a: Buffer.from('x') }, 2, 'cannot compare or index a value of type Binary'],
  [{ a: Long.ONE }, 2, 'cannot compare or index a value of type Long'],
  [{ a: new BSONRegExp('x') }, 2, 'cannot compare or index a value of type BSONRegExp'],
  [{ a: { $in: [new BSONRegExp('x')] } }, 2, 'cannot compare or index a value of type BSONRegExp'],
  [{ $expr: { b: 1, $eq: [1, 1] } }, 168, "Unrecognized expression 'b,$eq'"],
  [{ $expr: '$$ROOT' }, 17276, 'Use of undefined variable: ROOT'],
  [{ $expr: '$$this' }, 17276, 'Use of undefined variable: this'],
  [{ $expr: { $lte: [1] } }, 16020, 'Expression $lte takes exactly 2 arguments. 1 were passed in.'],
])('%j is refused', (filter, code, message) => {
  expect(() => matches(filter, {})).toThrow(expect.objectContaining({ code, message }));
});

test.each<[object, object, number, string]>([
  [{ a: 1 }, { a: [1] }, 2, 'cannot compare or index a value of type array'],
  [
    { a: { $lt: 1 } },
    { a: new Binary(Buffer.from('x')) },
    2,
    'cannot compare or index a value of type Binary',
  ],
  [{ 'a.b': null }, { a: [{}] }, 238, "the path 'a.b' leads into an array and is compared with null"],
  [{ 'a.b': 1 }, { a: [{ b: [1] }] }, 2, 'cannot compare or index a value of type array'],
  [{ $expr: { $eq: ['$a.b', 1] } }, { a: [{ b: 1 }] }, 238, "the path 'a.b' leads into an array"],
])('%j is refused when it meets %j', (filter, document, code, message) => {
  expect(() => matches(filter, document)).toThrow(expect.objectContaining({ code, message }));
});
