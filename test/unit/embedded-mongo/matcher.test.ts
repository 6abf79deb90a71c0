import { BSONRegExp } from 'bson';
import { compileFilter } from '../../../src/embedded-mongo/query/matcher';
import { doc } from './as-bson';

const NOW = new Date('2026-01-01T00:00:00Z');
const matches = (filter: object, document: object): boolean =>
  compileFilter(doc(filter), NOW).matches(doc(document));

test.each<[object, object]>([
  [{}, { a: 1 }],
  [{ a: 1 }, { a: 1 }],
  [{ a: 1 }, { a: [3, 1] }],
  [{ a: [3, 1] }, { a: [3, 1] }],
  [{ a: [1] }, { a: [[1], 2] }],
  [{ a: null }, {}],
  [{ a: null }, { a: null }],
  [{ a: null }, { a: [null, 1] }],
  [{ 'a.b': null }, { a: {} }],
  [{ 'a.b': null }, { a: 5 }],
  [{ 'a.b': null }, { a: [{ b: 1 }, {}] }],
  [{ 'a.b': 1 }, { a: { b: 1 } }],
  [{ 'a.b': 1 }, { a: [{ b: 2 }, { b: 1 }] }],
  [{ 'a.0': 5 }, { a: [5, 6] }],
  [{ 'a.1.b': 1 }, { a: [{}, { b: 1 }] }],
  [{ a: { b: 1 } }, { a: { b: 1 } }],
  [{ a: { $ne: 1 } }, {}],
  [{ a: { $ne: 1 } }, { a: [2] }],
  [{ a: { $gt: 1, $lt: 3 } }, { a: 2 }],
  [{ a: { $gt: 1, $lt: 3 } }, { a: [0, 5] }],
  [{ a: { $gte: null } }, {}],
  [{ a: { $lt: new Date(10) } }, { a: new Date(9) }],
  [{ a: { $in: [1, null] } }, {}],
  [{ a: { $in: ['x', 'y'] } }, { a: ['z', 'y'] }],
  [{ a: { $nin: [1] } }, { a: 2 }],
  [{ a: { $exists: true } }, { a: null }],
  [{ a: { $exists: false } }, {}],
  [{ 'a.b': { $exists: false } }, { a: [1, 2] }],
  [{ a: { $type: 'string' } }, { a: 'x' }],
  [{ a: { $type: ['null', 'number'] } }, { a: 1.5 }],
  [{ a: { $not: { $gt: 2 } } }, {}],
  [{ a: { $eq: NaN } }, { a: NaN }],
  [{ a: { $gte: NaN } }, { a: NaN }],
  [{ a: Buffer.from('ab') }, { a: Buffer.from('ab') }],
  [{ $or: [{ a: 1 }, { b: 1 }] }, { b: 1 }],
  [{ $and: [{ a: 1 }, { $or: [{ b: 1 }, { c: 1 }] }] }, { a: 1, c: 1 }],
  [{ $nor: [{ a: 1 }, { b: 1 }] }, { c: 1 }],
  [{ $expr: { $gt: ['$a', '$b'] } }, { a: 2, b: 1 }],
  [{ $expr: { $lt: ['$at', '$$NOW'] } }, { at: new Date('2025-12-31') }],
  [{ $expr: { $lt: [{ $add: ['$at', 1000] }, '$$NOW'] } }, { at: new Date('2025-12-31') }],
  [{ $expr: { $not: [{ $eq: [{ $ifNull: ['$a', 0] }, 1] }] } }, {}],
])('%j matches %j', (filter, document) => {
  expect(matches(filter, document)).toBe(true);
});

test.each<[object, object]>([
  [{ a: 1 }, { a: '1' }],
  [{ a: null }, { a: [] }],
  [{ a: null }, { a: 0 }],
  [{ 'a.b': null }, { a: [1, 2] }],
  [{ a: [3, 1] }, { a: [1, 3] }],
  [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }],
  [{ a: { $ne: 1 } }, { a: [1, 2] }],
  [{ a: { $gt: 1 } }, { a: 'x' }],
  [{ a: { $lt: 5 } }, {}],
  [{ a: { $lt: 5 } }, { a: null }],
  [{ a: { $lt: 5 } }, { a: NaN }],
  [{ a: { $lt: new Date(10) } }, { a: 5 }],
  [{ a: { $nin: [1, null] } }, {}],
  [{ a: { $exists: true } }, {}],
  [{ a: { $type: 'int' } }, { a: 1.5 }],
  [{ a: { $not: { $gt: 2 } } }, { a: 3 }],
  [{ a: Buffer.from('ab') }, { a: Buffer.from('abc') }],
  [{ constructor: { $exists: true } }, {}],
  [{ $or: [{ a: 1 }, { b: 1 }] }, { c: 1 }],
  [{ $nor: [{ a: 1 }, { b: 1 }] }, { b: 1 }],
  [{ $expr: { $eq: ['$a', 1] } }, { a: [1] }],
])('%j does not match %j', (filter, document) => {
  expect(matches(filter, document)).toBe(false);
});

test.each<[object, number, string]>([
  [{ a: { $foo: 1 } }, 2, 'unknown operator: $foo'],
  [{ a: { $gt: 1, b: 2 } }, 2, 'unknown operator: b'],
  [{ $where: 'x' }, 2, 'unknown top level operator: $where'],
  [{ $or: [] }, 2, '$or must be a nonempty array'],
  [{ a: new BSONRegExp('x') }, 2, 'regular expressions are not supported'],
  [{ a: { $in: [new BSONRegExp('x')] } }, 2, 'regular expressions are not supported'],
  [{ a: { $in: 1 } }, 2, '$in needs an array'],
  [{ a: { $type: 'text' } }, 2, 'Unknown type name alias: text'],
  [{ a: { $not: 1 } }, 2, '$not needs a document of operators'],
  [{ $expr: { $concat: ['a'] } }, 168, "Unrecognized expression '$concat'"],
  [{ $expr: '$$VAR' }, 17276, 'Use of undefined variable: VAR'],
])('%j is refused', (filter, code, message) => {
  expect(() => matches(filter, {})).toThrow(expect.objectContaining({ code, message }));
});
