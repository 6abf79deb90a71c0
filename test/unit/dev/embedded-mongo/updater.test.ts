import { Long } from 'bson';
import { compileUpdate } from '../../../../src/dev/embedded-mongo/query/update.js';
import { asBson, doc, plain } from './as-bson.js';

const now = new Date('2026-01-01T00:00:00Z');
const update = (document: object, change: object, inserting = false): unknown =>
  compileUpdate(asBson(change))(doc(document), { now, inserting });

test.each<[string, object, object, object]>([
  ['$set makes missing documents on the way', {}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
  ['$set of a document replaces it', { a: { b: 1 } }, { $set: { a: { c: 1 } } }, { a: { c: 1 } }],
  [
    '$unset removes a field and leaves the rest',
    { a: { b: 1, c: 2 } },
    { $unset: { 'a.b': '' } },
    { a: { c: 2 } },
  ],
  ['$unset of what is absent changes nothing', { a: 1 }, { $unset: { 'b.c': '' } }, { a: 1 }],
  ['$inc starts at the operand', {}, { $inc: { n: 2 } }, { n: 2 }],
  ['$inc adds', { n: 1 }, { $inc: { n: 0.5 } }, { n: 1.5 }],
  ['$setOnInsert does nothing to what exists', { a: 1 }, { $setOnInsert: { b: 1 } }, { a: 1 }],
  ['a stage reads the document before it', { a: 1, b: 2 }, [{ $set: { a: '$b', b: '$a' } }], { a: 2, b: 1 }],
  [
    'stages follow one another',
    { a: 1, d: 1 },
    [{ $set: { b: { $add: ['$a', 1] } } }, { $set: { c: '$b' } }, { $unset: ['b', 'd'] }],
    { a: 1, c: 2 },
  ],
  [
    '$cond takes its branches',
    { n: 3 },
    [{ $set: { a: { $cond: [{ $eq: ['$n', 3] }, 'y', 'n'] }, b: { $cond: ['$none', 1, 2] } } }],
    { n: 3, a: 'y', b: 2 },
  ],
  [
    'a document within an expression is computed field by field',
    { n: 1 },
    [{ $set: { a: { $cond: ['$n', { x: { $add: ['$n', 1] }, y: { $literal: '$n' }, z: '$none' }, '$a'] } } }],
    { n: 1, a: { x: 2, y: '$n' } },
  ],
  ['$ifNull takes the first present', { b: 2 }, [{ $set: { a: { $ifNull: ['$x', '$b'] } } }], { b: 2, a: 2 }],
  ['a nested $set merges', { a: { x: 1 } }, [{ $set: { a: { y: 2 } } }], { a: { x: 1, y: 2 } }],
  ['a $literal replaces', { a: { x: 1 } }, [{ $set: { a: { $literal: { y: '$z' } } } }], { a: { y: '$z' } }],
  ['a missing result removes the field', { a: 1 }, [{ $set: { a: '$none', b: '$$REMOVE' } }], {}],
  [
    '$$NOW is one instant and dates take milliseconds',
    {},
    [{ $set: { a: { $add: ['$$NOW', 1000] } } }],
    { a: new Date(+now + 1000) },
  ],
  ['$push makes an absent array', {}, { $push: { 'a.b': 1 } }, { a: { b: [1] } }],
  ['$push adds at the end', { a: [1] }, { $push: { a: { _id: 'x' } } }, { a: [1, { _id: 'x' }] }],
  ['$push adds an array as one value', { a: [1] }, { $push: { a: [2, 3] } }, { a: [1, [2, 3]] }],
  ['$push of $each adds every value', { a: [1] }, { $push: { a: { $each: [2, [3]] } } }, { a: [1, 2, [3]] }],
  ['$push of an empty $each makes an absent array', {}, { $push: { a: { $each: [] } } }, { a: [] }],
  [
    '$pull of a document removes what has its fields',
    { a: [{ _id: 'x', n: 1 }, { _id: 'y' }, 'x', { _id: 'x' }] },
    { $pull: { a: { _id: 'x' } } },
    { a: [{ _id: 'y' }, 'x'] },
  ],
  [
    '$pull of a document takes operators and alternatives',
    { a: [{ n: 1 }, { n: 2 }, { n: 3 }, { m: 4 }] },
    { $pull: { a: { $or: [{ n: { $in: [1, 2] } }, { m: { $gt: 3 } }] } } },
    { a: [{ n: 3 }] },
  ],
  ['$pull of a value removes all its equals', { a: [1, 2, 1, '1'] }, { $pull: { a: 1 } }, { a: [2, '1'] }],
  [
    '$pull of operators removes what meets them',
    { a: [1, 5, 9] },
    { $pull: { a: { $gt: 4, $lt: 9 } } },
    { a: [1, 9] },
  ],
  ['$pull leaves an empty array', { a: [1] }, { $pull: { a: 1 } }, { a: [] }],
  ['$pull of an absent field changes nothing', { b: 1 }, { $pull: { 'a.c': 1 } }, { b: 1 }],
  [
    '$concatArrays joins arrays of expressions and literals',
    { n: 1, a: [{ _id: 1 }] },
    [
      {
        $set: {
          a: { $concatArrays: [{ $ifNull: ['$a', []] }, [{ $literal: { _id: '$n' } }, '$n', '$none']] },
        },
      },
    ],
    { n: 1, a: [{ _id: 1 }, { _id: '$n' }, 1, null] },
  ],
  [
    '$concatArrays starts with $ifNull',
    {},
    [{ $set: { a: { $concatArrays: [{ $ifNull: ['$a', []] }, [{ $literal: { _id: 1 } }]] } } }],
    { a: [{ _id: 1 }] },
  ],
  [
    '$concatArrays with an absent array is null',
    { a: [1] },
    [{ $set: { b: { $concatArrays: ['$a', '$c'] } } }],
    { a: [1], b: null },
  ],
  [
    '$filter keeps the items for which its condition is true',
    { a: [{ _id: 'x' }, { _id: 'y', n: 5 }], b: 5 },
    [
      {
        $set: {
          a: { $filter: { input: '$a', as: 'item', cond: { $eq: ['$$item.n', '$b'] } } },
          c: { $filter: { input: '$a', cond: { $ne: ['$$this._id', 'y'] } } },
          d: { $filter: { input: '$none', cond: true } },
        },
      },
    ],
    { a: [{ _id: 'y', n: 5 }], b: 5, c: [{ _id: 'x' }], d: null },
  ],
  [
    '$size counts',
    { a: [1, 2] },
    [{ $set: { n: { $size: '$a' }, m: { $size: [[]] } } }],
    { a: [1, 2], n: 2, m: 0 },
  ],
  [
    '$max takes the greatest and skips what is null or absent',
    { n: 3, d: null },
    [{ $set: { a: { $max: ['$n', 7, '$d', '$none'] }, b: { $max: ['$d', '$none'] } } }],
    { n: 3, d: null, a: 7, b: null },
  ],
])('%s', (_title, before, change, after) => {
  expect(plain(update(before, change))).toEqual(plain(doc(after)));
});

test('$setOnInsert writes when inserting', () => {
  expect(plain(update({}, { $setOnInsert: { a: 1 } }, true))).toEqual({ a: 1 });
});

test('a field named __proto__ is an ordinary field', () => {
  const result = update({}, { $set: { '__proto__.polluted': 1 } }) as object;
  expect(Object.keys(result)).toEqual(['__proto__']);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

const UNKNOWN_MODIFIERS = [
  '$addToSet',
  '$pop',
  '$pullAll',
  '$min',
  '$max',
  '$mul',
  '$currentDate',
  '$rename',
  '$bit',
  'b',
];
const UNKNOWN_STAGES = ['$addFields', '$project', '$replaceWith', '$unwind'];

test.each<[object, object, number, string]>([
  ...UNKNOWN_MODIFIERS.map((name): [object, object, number, string] => [
    {},
    { $set: { a: 1 }, [name]: { a: 1 } },
    9,
    `Unknown modifier: ${name}`,
  ]),
  ...UNKNOWN_STAGES.map((name): [object, object, number, string] => [
    {},
    [{ [name]: { a: 1 } }],
    40324,
    `'${name}'`,
  ]),
  [{}, { b: 1 }, 9, 'Replacements are not supported'],
  [{ a: 'x' }, { $inc: { a: 1 } }, 14, 'Cannot apply $inc of type number to a value of type string'],
  [{}, { $inc: { a: 'x' } }, 14, 'Cannot apply $inc of type string'],
  [{ a: Long.ONE }, { $inc: { a: 1 } }, 14, 'to a value of type Long'],
  [{}, { $set: { a: 1 }, $inc: { a: 1 } }, 40, "Updating the path 'a' would create a conflict at 'a'"],
  [{}, { $set: { 'a.b': 1, a: 1 } }, 40, "Updating the path 'a.b' would create a conflict at 'a'"],
  [{ a: 5 }, { $set: { 'a.b': 1 } }, 28, "Cannot create field 'b' in element 'a' of type number"],
  [{ a: null }, [{ $set: { 'a.b': 1 } }], 28, "Cannot create field 'b' in element 'a' of type null"],
  [{ a: [] }, { $set: { 'a.0': 1 } }, 238, "'a.0' leads into an array"],
  [{ a: [{}] }, [{ $set: { 'a.b': 1 } }], 238, "'a.b' leads into an array"],
  [{ a: [1] }, { $unset: { 'a.0': 1 } }, 238, "'a.0' leads into an array"],
  [{}, { $set: { 'a.$': 1 } }, 2, "'a.$'"],
  [{}, { $set: { 'a.$[]': 1 } }, 2, "'a.$[]'"],
  [{}, { $set: { 'a..b': 1 } }, 2, "'a..b'"],
  [{}, [{ $unset: 'a' }], 40324, "'$unset'"],
  [{}, [{ $set: { a: 1 }, $unset: ['b'] }], 40324, "'$set'"],
  [{}, [{ $set: { a: 1, 'a.b': 1 } }], 40, "'a.b'"],
  [{}, [{ $set: { a: { $cond: { if: 1, then: 1, else: 2 } } } }], 16020, '$cond takes exactly 3 arguments'],
  [{}, [{ $set: { a: { $add: [1, 2, 3] } } }], 16020, '$add takes exactly 2 arguments'],
  [{ a: 'x' }, { $push: { a: 1 } }, 2, "The field 'a' must be an array but is of type string"],
  [{ a: null }, { $push: { a: 1 } }, 2, "The field 'a' must be an array but is of type null"],
  [{}, { $push: { a: { $each: 1 } } }, 2, 'The argument to $each in $push must be an array'],
  [{}, { $push: { a: { $each: [1], $slice: 5 } } }, 2, 'Unrecognized clause in $push: $slice'],
  [{}, { $push: { a: { $sort: 1 } } }, 2, 'Unrecognized clause in $push: $sort'],
  [{}, { $push: { a: 1 }, $pull: { a: 2 } }, 40, "Updating the path 'a' would create a conflict at 'a'"],
  [{ a: [[1]] }, { $push: { 'a.0': 1 } }, 238, "'a.0' leads into an array"],
  [{ a: 5 }, { $push: { 'a.b': 1 } }, 28, "Cannot create field 'b' in element 'a' of type number"],
  [{ a: 'x' }, { $pull: { a: 'x' } }, 2, 'Cannot apply $pull to a non-array value'],
  [{}, { $pull: { a: { $foo: 1 } } }, 2, 'unknown operator: $foo'],
  [{}, { $pull: { a: { b: 1, $expr: true } } }, 224, '$expr is not allowed in this context'],
  [{}, { $pull: { a: [1] } }, 2, 'cannot compare or index a value of type array'],
  [{ a: 'x' }, [{ $set: { a: { $concatArrays: ['$a', []] } } }], 28664, 'only supports arrays, not string'],
  [{}, [{ $set: { a: { $size: '$b' } } }], 17124, 'must be an array, but was of type: missing'],
  [{}, [{ $set: { a: { $size: ['$b', 1] } } }], 16020, '$size takes exactly 1 arguments'],
  [{}, [{ $set: { a: { $filter: 1 } } }], 28646, '$filter only supports an object'],
  [{}, [{ $set: { a: { $filter: { input: [], cond: 1, limit: 1 } } } }], 28647, '$filter: limit'],
  [{}, [{ $set: { a: { $filter: { cond: 1 } } } }], 28648, "'input'"],
  [{}, [{ $set: { a: { $filter: { input: [] } } } }], 28650, "'cond'"],
  [{}, [{ $set: { a: { $filter: { input: [], cond: 1, as: 'X' } } } }], 9, "'X' is not a valid variable"],
  [{ a: 1 }, [{ $set: { a: { $filter: { input: '$a', cond: 1 } } } }], 28651, 'must be an array not number'],
  [{}, [{ $set: { a: { $filter: { input: [], cond: '$$that' } } } }], 17276, 'undefined variable: that'],
  [{}, [{ $set: { a: { $subtract: [1, 2] } } }], 168, "'$subtract'"],
  [{}, [{ $set: { a: {} } }], 168, 'Unrecognized expression'],
  [{ a: 'x' }, [{ $set: { b: { $add: ['$a', 1] } } }], 14, 'cannot add number to string'],
])('%j cannot be changed by %j', (document, change, code, message) => {
  expect(() => update(document, change)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
  );
});
