import {
  type Binary,
  type BSONRegExp,
  type Double,
  type Int32,
  type Long,
  type ObjectId,
  type Timestamp,
} from 'bson';
import { CommandError } from '../errors';

/** A BSON document whose numbers are still Int32, Long and Double, so that nothing is lost on the way back. */
export type Doc = Record<string, unknown>;

const TYPE_OF_CLASS: Record<string, string> = {
  ObjectId: 'objectId',
  Int32: 'int',
  Double: 'double',
  Long: 'long',
  Decimal128: 'decimal',
  Binary: 'binData',
  BSONRegExp: 'regex',
  Timestamp: 'timestamp',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
  Code: 'javascript',
  BSONSymbol: 'symbol',
  DBRef: 'dbPointer',
};

/** The alias that `$type` and MongoDB's messages use for the type of a value; `undefined` is 'missing'. */
export function typeOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  return TYPE_OF_CLASS[(value as { _bsontype?: string })._bsontype ?? ''] ?? 'object';
}

/** Whether a value is an embedded document (not an array, a date or another BSON type). */
export function isDocument(value: unknown): value is Doc {
  return typeOf(value) === 'object';
}

/** Whether a value is a number of a kind that can be calculated with. */
export function isNumber(value: unknown): value is Int32 | Long | Double {
  const type = typeOf(value);
  return type === 'int' || type === 'long' || type === 'double';
}

/** The field of a document, never an inherited property. */
export function field(document: Doc, name: string): unknown {
  return Object.hasOwn(document, name) ? document[name] : undefined;
}

/**
 * A string of single-byte characters that sorts as MongoDB sorts the value and is equal for equal values
 * (1 and 1.0 are). No key is the beginning of another, so keys can be joined into compound keys.
 * Throws BadValue for types without an order here (Decimal128, code).
 */
export function orderKey(value: unknown): string {
  const type = typeOf(value);
  const order = ORDER[type];
  if (!order) throw new CommandError('BadValue', `cannot compare or index a value of type ${type}`);
  return String.fromCharCode(order.rank) + order.body(value as never);
}

/** What sorts before, and after, every key of the type of `key`. */
export function typeBracket(key: string): [string, string] {
  const rank = key.charCodeAt(0);
  return [String.fromCharCode(rank), String.fromCharCode(rank + 1)];
}

/** The key whose order is the reverse, for descending fields of an index. */
export function reverseKey(key: string): string {
  const bytes = Buffer.from(key, 'latin1');
  for (let i = 0; i < bytes.length; i++) bytes[i] = 255 - (bytes[i] as number);
  return bytes.toString('latin1');
}

/** Whether two values are equal in MongoDB's sense. */
export function equal(a: unknown, b: unknown): boolean {
  return orderKey(a) === orderKey(b);
}

/** The value as a JavaScript number; NaN when it is none. */
export function toNumber(value: unknown): number {
  return isNumber(value) ? Number(value.toString()) : NaN;
}

const scratch = Buffer.alloc(8);

function doubleKey(value: number): string {
  if (Number.isNaN(value)) return '\0'.repeat(8);
  scratch.writeDoubleBE(value === 0 ? 0 : value);
  if (scratch.readUInt8(0) < 128) scratch.writeUInt8(scratch.readUInt8(0) + 128, 0);
  else for (let i = 0; i < 8; i++) scratch[i] = 255 - (scratch[i] as number);
  return scratch.toString('latin1');
}

function longKey(value: Long): string {
  const nearest = value.toNumber();
  // A double cannot tell neighbours beyond 2^53 apart: the distance to it follows, at most 512 either way.
  const distance = Number(value.toBigInt() - BigInt(nearest)) + 0x8000;
  return doubleKey(nearest) + String.fromCharCode(distance >> 8, distance & 255);
}

function longBytes(value: bigint): string {
  scratch.writeBigUInt64BE(BigInt.asUintN(64, value));
  return scratch.toString('latin1');
}

function stringKey(value: string): string {
  if (/^[\x01-\x7f]*$/.test(value)) return value + '\0\x01';
  return Buffer.from(value, 'utf8').toString('latin1').replaceAll('\0', '\0\xff') + '\0\x01';
}

function binaryKey(value: Binary): string {
  const bytes = value.value();
  scratch.writeUInt32BE(bytes.length);
  return (
    scratch.toString('latin1', 0, 4) +
    String.fromCharCode(value.sub_type) +
    Buffer.from(bytes).toString('latin1')
  );
}

function elementKey([name, value]: [string, unknown]): string {
  const key = orderKey(value);
  return key[0] + Buffer.from(name, 'utf8').toString('latin1') + '\0' + key.slice(1);
}

const empty = (): string => '';
const plainNumber = ({ value }: Int32 | Double): string => doubleKey(value) + '\x80\0';

/** MongoDB's order of types, and the key of a value among those of its type; others cannot be compared here. */
const ORDER: Record<string, { rank: number; body: (value: never) => string }> = {
  minKey: { rank: 1, body: empty },
  missing: { rank: 2, body: empty },
  null: { rank: 5, body: empty },
  int: { rank: 10, body: plainNumber },
  double: { rank: 10, body: plainNumber },
  long: { rank: 10, body: longKey },
  string: { rank: 15, body: stringKey },
  object: { rank: 20, body: (value: Doc) => Object.entries(value).map(elementKey).join('') + '\0' },
  array: { rank: 25, body: (value: unknown[]) => value.map(orderKey).join('') + '\0' },
  binData: { rank: 30, body: binaryKey },
  objectId: { rank: 35, body: ({ id }: ObjectId) => Buffer.from(id).toString('latin1') },
  bool: { rank: 40, body: (value: boolean) => (value ? '\x01' : '\0') },
  date: { rank: 45, body: (value: Date) => doubleKey(value.getTime()) },
  timestamp: { rank: 47, body: (value: Timestamp) => longBytes(value.toBigInt()) },
  regex: { rank: 50, body: ({ pattern, options }: BSONRegExp) => `${pattern}\0${options}\0` },
  maxKey: { rank: 127, body: empty },
};
