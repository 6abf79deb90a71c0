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
  '$push',
  '$pull',
  '$addToSet',
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
  [{}, [{ $set: { a: ['$b'] } }], 238, 'only in $literal'],
  [{}, [{ $set: { a: { $cond: { if: 1, then: 1, else: 2 } } } }], 9, '$cond takes an array of 3 operands'],
  [{}, [{ $set: { a: { $add: [1, 2, 3] } } }], 9, '$add takes an array of 2 operands'],
  [{}, [{ $set: { a: { $subtract: [1, 2] } } }], 168, "'$subtract'"],
  [{}, [{ $set: { a: {} } }], 168, 'Unrecognized expression'],
  [{ a: 'x' }, [{ $set: { b: { $add: ['$a', 1] } } }], 14, 'cannot add number to string'],
])('%j cannot be changed by %j', (document, change, code, message) => {
  expect(() => update(document, change)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
  );
});
