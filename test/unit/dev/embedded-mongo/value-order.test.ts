import { Binary, BSONRegExp, Decimal128, Int32, Double, Long, MaxKey, ObjectId, Timestamp } from 'bson';
import fc from 'fast-check';
import { directedKey, orderKey } from '../../../../src/dev/embedded-mongo/query/values.js';
import { asBson } from './as-bson.js';

const sign = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const compare = (a: unknown, b: unknown): number => sign(orderKey(a), orderKey(b));

const ASCENDING: unknown[] = [
  ...[undefined, null],
  ...[-Infinity, -1.5, -1, 0, Number.MIN_VALUE, 1, 1.5, 2 ** 53, Infinity],
  ...['', '\0', '\0a', '\x01', 'a', 'a\0b', 'a\x01', 'ab', 'b', 'é', '\uffff', '😀'],
  ...[new ObjectId('000000000000000000000001'), new ObjectId('ff0000000000000000000000')],
  ...[false, true],
  ...[new Date(-1), new Date(0), new Date(8.64e15)],
];

test('values sort by type first and then by value, as MongoDB documents', () => {
  for (const [i, a] of ASCENDING.entries()) {
    for (const [j, b] of ASCENDING.entries()) {
      expect([i, j, compare(a, b)]).toEqual([i, j, Math.sign(i - j)]);
    }
  }
});

test('descending keys sort the other way round', () => {
  const keys = ASCENDING.map((value) => directedKey(value, true));
  for (const [i, a] of keys.entries()) {
    for (const [j, b] of keys.entries()) expect([i, j, sign(a, b)]).toEqual([i, j, Math.sign(j - i)]);
  }
});

test('no key is the beginning of another, so that compound keys cannot run into each other', () => {
  const keys = ASCENDING.map((value) => orderKey(value));
  for (const a of keys) expect(keys.filter((b) => b.startsWith(a))).toEqual([a]);
});

test('ints and doubles are one kind of number, and so are the zeros', () => {
  expect(orderKey(asBson(new Int32(1)))).toBe(orderKey(asBson(new Double(1))));
  expect(orderKey(-0)).toBe(orderKey(0));
});

test('numbers sort as numbers', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
      expect(compare(a, b)).toBe(a < b ? -1 : a > b ? 1 : 0);
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

test.each([
  [NaN, 'NaN'],
  [[1], 'a value of type array'],
  [{ a: 1 }, 'a value of type object'],
  [new Binary(Buffer.from('x')), 'a value of type Binary'],
  [Long.ONE, 'a value of type Long'],
  [Decimal128.fromString('1'), 'a value of type Decimal128'],
  [new Timestamp({ t: 1, i: 0 }), 'a value of type Timestamp'],
  [new BSONRegExp('a'), 'a value of type BSONRegExp'],
  [new MaxKey(), 'a value of type MaxKey'],
])('%p is stored but cannot be compared', (value, what) => {
  expect(() => orderKey(asBson(value))).toThrow(`cannot compare or index ${what}`);
});
