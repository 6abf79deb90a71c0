import { BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import fc from 'fast-check';
import { equal, orderKey, reverseKey, typeOf } from '../../../src/embedded-mongo/bson/values';
import { asBson } from './as-bson';

const sign = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const compare = (a: unknown, b: unknown): number => sign(orderKey(asBson(a)), orderKey(asBson(b)));

const ASCENDING: unknown[] = [
  new MinKey(),
  null,
  NaN,
  -Infinity,
  Long.MIN_VALUE,
  -1.5,
  -1,
  0,
  Number.MIN_VALUE,
  1,
  1.5,
  Long.fromString('9007199254740992'),
  Long.fromString('9007199254740993'),
  Long.fromString('9223372036854775806'),
  Long.MAX_VALUE,
  Infinity,
  '',
  '\0',
  'a',
  'a\0b',
  'a\x01',
  'ab',
  'b',
  'é',
  '\uffff',
  '😀',
  {},
  { a: 1 },
  { a: 1, b: 1 },
  { a: 2 },
  { b: 1 },
  { a: 'x' },
  [],
  [1],
  [1, 2],
  [2],
  Buffer.from('ff', 'hex'),
  Buffer.from('0000', 'hex'),
  Buffer.from('0001', 'hex'),
  new ObjectId('000000000000000000000001'),
  new ObjectId('ff0000000000000000000000'),
  false,
  true,
  new Date(-1),
  new Date(0),
  new Date(8.64e15),
  new Timestamp({ t: 1, i: 0 }),
  new Timestamp({ t: 4_000_000_000, i: 1 }),
  new BSONRegExp('a'),
  new MaxKey(),
];

test('values sort by type first and then by value, as MongoDB documents', () => {
  for (const [i, a] of ASCENDING.entries()) {
    for (const [j, b] of ASCENDING.entries()) {
      expect([i, j, compare(a, b)]).toEqual([i, j, Math.sign(i - j)]);
    }
  }
});

test('reversed keys sort the other way round', () => {
  const keys = ASCENDING.map((value) => reverseKey(orderKey(asBson(value))));
  for (const [i, a] of keys.entries()) {
    for (const [j, b] of keys.entries()) expect([i, j, sign(a, b)]).toEqual([i, j, Math.sign(j - i)]);
  }
});

test('no key is the beginning of another, so that compound keys cannot run into each other', () => {
  const keys = ASCENDING.map((value) => orderKey(asBson(value)));
  for (const a of keys) expect(keys.filter((b) => b.startsWith(a))).toEqual([a]);
});

test.each([
  [new Int32(1), new Double(1)],
  [new Int32(7), Long.fromNumber(7)],
  [new Double(-0), new Int32(0)],
  [
    { a: 1, b: [null] },
    { a: 1, b: [null] },
  ],
])('%j equals %j', (a, b) => {
  expect(equal(asBson(a), asBson(b))).toBe(true);
});

test.each([
  [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
  ],
  [Buffer.from('aa', 'hex'), Buffer.from('aabb', 'hex')],
  ['1', 1],
  [Long.fromString('9007199254740993'), 9007199254740992],
])('%j does not equal %j', (a, b) => {
  expect(equal(asBson(a), asBson(b))).toBe(false);
});

test('longs and doubles compare by their exact values', () => {
  const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const near = fc.tuple(long, fc.integer({ min: -2, max: 2 })).map(([n, d]) => Number(n) + d);
  fc.assert(
    fc.property(long, fc.oneof(near, fc.double({ noNaN: true, noDefaultInfinity: true })), (a, b) => {
      const exact = Number.isInteger(b) ? BigInt(b) : BigInt(Math.floor(b));
      const expected = a < exact ? -1 : a > exact ? 1 : Number.isInteger(b) ? 0 : -1;
      expect(sign(orderKey(Long.fromBigInt(a)), orderKey(new Double(b)))).toBe(expected);
    }),
  );
});

test('strings sort by their UTF-8 bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(compare(a, b)).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test('a Decimal128 is stored but cannot be compared', () => {
  expect(typeOf(Decimal128.fromString('1'))).toBe('decimal');
  expect(() => orderKey(Decimal128.fromString('1'))).toThrow(
    'cannot compare or index a value of type decimal',
  );
});
