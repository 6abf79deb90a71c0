import { Int32, Long } from 'bson';
import { compileUpdate } from '../../../src/embedded-mongo/update/updater';
import { doc, plain } from './as-bson';
import { asBson } from './as-bson';

const now = new Date('2026-01-01T00:00:00Z');
const update = (document: object, change: object, inserting = false): unknown =>
  compileUpdate(asBson(change)).apply(doc(document), { now, inserting });

test.each<[string, object, object, object]>([
  ['$set makes missing documents on the way', {}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
  ['$set reaches into arrays by position and pads', { a: [1] }, { $set: { 'a.2': 3 } }, { a: [1, null, 3] }],
  ['$set of a document replaces it', { a: { b: 1 } }, { $set: { a: { c: 1 } } }, { a: { c: 1 } }],
  [
    '$unset removes a field and leaves the rest',
    { a: { b: 1, c: 2 } },
    { $unset: { 'a.b': '' } },
    { a: { c: 2 } },
  ],
  ['$unset of an array element leaves null', { a: [1, 2] }, { $unset: { 'a.0': '' } }, { a: [null, 2] }],
  ['$unset of what is absent changes nothing', { a: 1 }, { $unset: { 'b.c': '' } }, { a: 1 }],
  ['$inc starts at the operand', {}, { $inc: { n: 2 } }, { n: 2 }],
  ['$inc adds', { n: 1 }, { $inc: { n: 0.5 } }, { n: 1.5 }],
  ['$min keeps the lesser', { a: 5, b: 1 }, { $min: { a: 3, b: 2, c: 9 } }, { a: 3, b: 1, c: 9 }],
  ['$max keeps the greater', { a: 5, b: 1 }, { $max: { a: 3, b: 2 } }, { a: 5, b: 2 }],
  ['$push appends', { a: [1] }, { $push: { a: [2] } }, { a: [1, [2]] }],
  [
    '$push keeps the last of a slice',
    { a: [1, 2] },
    { $push: { a: { $each: [3, 4], $slice: -3 } } },
    { a: [2, 3, 4] },
  ],
  [
    '$push keeps the first of a slice',
    { a: [1, 2] },
    { $push: { a: { $each: [3], $slice: 2 } } },
    { a: [1, 2] },
  ],
  ['$push makes the array', {}, { $push: { a: 1 } }, { a: [1] }],
  [
    '$addToSet adds what is not there',
    { a: [{ x: 1 }] },
    { $addToSet: { a: { $each: [{ x: 1 }, 2, 2] } } },
    { a: [{ x: 1 }, 2] },
  ],
  ['$pull removes equal values', { a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
  ['$pull removes what meets a condition', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
  [
    '$pull removes documents that match',
    { a: [{ t: 'x', n: 1 }, { t: 'y' }] },
    { $pull: { a: { t: 'x' } } },
    { a: [{ t: 'y' }] },
  ],
  ['$currentDate writes the instant of the command', {}, { $currentDate: { at: true } }, { at: now }],
  ['$setOnInsert does nothing to what exists', { a: 1 }, { $setOnInsert: { b: 1 } }, { a: 1 }],
  ['a replacement keeps the _id', { _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 }],
  ['a stage reads the document before it', { a: 1, b: 2 }, [{ $set: { a: '$b', b: '$a' } }], { a: 2, b: 1 }],
  [
    'stages follow one another',
    { a: 1 },
    [{ $set: { b: { $add: ['$a', 1] } } }, { $set: { c: '$b' } }, { $unset: 'b' }],
    { a: 1, c: 2 },
  ],
  ['a nested $set merges', { a: { x: 1 } }, [{ $set: { a: { y: 2 } } }], { a: { x: 1, y: 2 } }],
  ['a $literal replaces', { a: { x: 1 } }, [{ $set: { a: { $literal: { y: '$z' } } } }], { a: { y: '$z' } }],
  ['a stage makes documents of null', { a: null }, [{ $set: { 'a.b': 1 } }], { a: { b: 1 } }],
  ['a missing result removes the field', { a: 1 }, [{ $set: { a: '$none', b: '$$REMOVE' } }], {}],
  [
    '$$NOW is one instant and dates take milliseconds',
    {},
    [{ $set: { a: { $add: ['$$NOW', 1000] } } }],
    { a: new Date(+now + 1000) },
  ],
  [
    '$subtract of dates gives milliseconds',
    { a: new Date(5000) },
    [{ $set: { a: { $subtract: ['$a', new Date(2000)] } } }],
    { a: Long.fromNumber(3000) },
  ],
  [
    '$cond takes either form',
    { n: 3 },
    [
      {
        $set: {
          a: { $cond: [{ $gt: ['$n', 2] }, 'y', 'n'] },
          b: { $cond: { if: '$none', then: 1, else: 2 } },
        },
      },
    ],
    { n: 3, a: 'y', b: 2 },
  ],
  [
    '$ifNull takes the first present',
    { b: 2 },
    [{ $set: { a: { $ifNull: ['$x', null, '$b'] } } }],
    { b: 2, a: 2 },
  ],
])('%s', (_title, before, change, after) => {
  expect(plain(update(before, change))).toEqual(plain(doc(after)));
});

test('$setOnInsert writes when inserting', () => {
  expect(plain(update({}, { $setOnInsert: { a: 1 } }, true))).toEqual({ a: 1 });
});

test('an int32 that overflows becomes a long, a long that overflows is refused', () => {
  const counted = update({ n: new Int32(2147483647) }, { $inc: { n: 1 } }) as { n: Long };
  expect(counted.n).toEqual(Long.fromNumber(2147483648));
  expect(() => update({ n: Long.MAX_VALUE }, { $inc: { n: 1 } })).toThrow('long overflow');
});

test('a field named __proto__ is an ordinary field', () => {
  const result = update({}, { $set: { '__proto__.polluted': 1 } }) as object;
  expect(Object.keys(result)).toEqual(['__proto__']);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test.each<[object, object, number, string]>([
  [{ a: 'x' }, { $inc: { a: 1 } }, 14, 'Cannot apply $inc to a value of non-numeric type'],
  [{}, { $inc: { a: 'x' } }, 14, 'Cannot increment with non-numeric argument'],
  [{}, { $set: { a: 1 }, $inc: { a: 1 } }, 40, "Updating the path 'a' would create a conflict at 'a'"],
  [{}, { $set: { 'a.b': 1, a: 1 } }, 40, "Updating the path 'a.b' would create a conflict at 'a'"],
  [{ a: 5 }, { $set: { 'a.b': 1 } }, 28, "Cannot create field 'b' in element 5"],
  [{ a: [] }, { $set: { 'a.b': 1 } }, 28, "Cannot create field 'b' in element"],
  [{}, { $rename: { a: 'b' } }, 9, 'Unknown modifier: $rename'],
  [{}, { $set: { a: 1 }, b: 1 }, 9, 'Unknown modifier: b'],
  [{}, { b: 1, $set: { a: 1 } }, 52, "'$set'"],
  [{}, { $set: { 'a.$': 1 } }, 2, "'a.$'"],
  [{}, { $set: { 'a.$[]': 1 } }, 2, "'a.$[]'"],
  [{}, { $push: { a: { $each: [1], $position: 0 } } }, 2, '$position'],
  [{ a: 1 }, { $push: { a: 1 } }, 2, "The field 'a' must be an array but is of type int"],
  [{}, { $currentDate: { a: { $type: 'timestamp' } } }, 2, '$currentDate'],
  [{}, [{ $project: { a: 1 } }], 40324, "'$project'"],
  [{ a: [{}] }, [{ $set: { 'a.b': 1 } }], 238, "'a.b'"],
  [
    { a: 'x' },
    [{ $set: { b: { $add: ['$a', 1] } } }],
    14,
    '$add only supports numeric or date types, not string',
  ],
])('%j cannot be changed by %j', (document, change, code, message) => {
  expect(() => update(document, change)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
  );
});
