import { deserialize, type ObjectId, serialize, setInternalBufferSize } from 'bson';
import { CommandError } from '../errors.js';

/** A BSON document. */
export interface Doc {
  _id?: unknown;
  [field: string]: unknown;
}

/** The size of the largest document, as in MongoDB. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

// Enough for the largest message, so that a document that is too large gets MongoDB's error and not bson's.
setInternalBufferSize(64 * 1024 * 1024);

/**
 * A document from its BSON. Ints and doubles become numbers, as in every JavaScript client; longs stay Long. Binaries
 * are views of `bson`, which must not be changed afterwards.
 */
export function decode(bson: Uint8Array): Doc {
  return deserialize(bson, { promoteLongs: false, bsonRegExp: true });
}

/** The BSON of a document. Throws BSONObjectTooLarge. */
export function encode(document: Doc): Buffer {
  const bson = Buffer.from(serialize(document, { ignoreUndefined: false }));
  if (bson.length <= MAX_DOCUMENT_BYTES) return bson;
  throw new CommandError('BSONObjectTooLarge', `${bson.length} bytes are over ${MAX_DOCUMENT_BYTES}`);
}

/** The type of a value as error messages name it; `undefined` is 'missing'. */
export function typeOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  if (typeof value !== 'object') return typeof value;
  return (value as { _bsontype?: string })._bsontype ?? 'object';
}

/** Whether a value is a document: no array, date or other BSON type. */
export function isDocument(value: unknown): value is Doc {
  return typeOf(value) === 'object';
}

/** The value at a dotted path, `undefined` when absent. Throws NotImplemented when the path leads into an array. */
export function valueAt(root: Doc, path: string): unknown {
  let value: unknown = root;
  for (const part of path.split('.')) {
    if (Array.isArray(value))
      throw new CommandError('NotImplemented', `the path '${path}' leads into an array`);
    value = isDocument(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

/**
 * What a filter finds at a dotted path: the single value, `undefined` when absent, or all values that are present when
 * the path leads into an array. A number in the path is an index of the array and a field of its documents.
 */
export function valuesAt(root: Doc, path: string): { single: unknown } | unknown[] {
  let found: unknown[] = [root];
  let isSingle = true;
  for (const part of path.split('.')) {
    if (found.some(Array.isArray)) isSingle = false;
    found = found.flatMap((value) => stepInto(value, part));
  }
  return isSingle ? { single: found[0] } : found;
}

/** What a part of a path leads to in a value: nothing, one value, or one of each document in an array. */
function stepInto(value: unknown, part: string): unknown[] {
  if (isDocument(value)) return Object.hasOwn(value, part) ? [value[part]] : [];
  if (!Array.isArray(value)) return [];
  const items: unknown[] = value;
  const item = /^(0|[1-9]\d*)$/.test(part) && Number(part) < items.length ? [items[Number(part)]] : [];
  return [...item, ...items.filter(isDocument).flatMap((document) => stepInto(document, part))];
}

/** A copy of a document with the value at a dotted path; `undefined` removes the field. Throws PathNotViable. */
export function withValueAt(root: Doc, path: string, value: unknown): Doc {
  const [part = '', ...rest] = path.split('.');
  const inner = Object.hasOwn(root, part) ? root[part] : undefined;
  if (rest.length === 0 && value === undefined) {
    return Object.fromEntries(Object.entries(root).filter(([name]) => name !== part));
  }
  // A computed key makes an own property even of `__proto__`.
  if (rest.length === 0) return { ...root, [part]: value };
  if (inner !== undefined && !isDocument(inner)) {
    const message = `Cannot create field '${rest[0]}' in element '${part}' of type ${typeOf(inner)}`;
    throw new CommandError('PathNotViable', message);
  }
  return { ...root, [part]: withValueAt(inner ?? {}, rest.join('.'), value) };
}

/**
 * A string of single-byte characters that sorts as MongoDB sorts the value. No key is a prefix of another key, so keys
 * can be joined into compound keys. Throws BadValue for types that are not supported.
 */
export function orderKey(value: unknown): string {
  const order = ORDER[typeOf(value)];
  if (order && !Number.isNaN(value)) return String.fromCharCode(order.rank) + order.body(value as never);
  throw new CommandError(
    'BadValue',
    `cannot compare or index ${Number.isNaN(value) ? 'NaN' : `a value of type ${typeOf(value)}`}`,
  );
}

/** The key of a value in an index field; keys of a descending field sort in the reverse order. */
export function directedKey(value: unknown, descending: boolean): string {
  const key = orderKey(value);
  return descending ? inverted(Buffer.from(key, 'latin1')) : key;
}

/** MongoDB's order of types, and how a value is ordered among the values of its type. */
const ORDER: Record<string, { rank: number; body: (value: never) => string }> = {
  missing: { rank: 2, body: () => '' },
  null: { rank: 5, body: () => '' },
  number: { rank: 10, body: numberKey },
  string: { rank: 15, body: stringKey },
  ObjectId: { rank: 35, body: ({ id }: ObjectId) => Buffer.from(id).toString('latin1') },
  boolean: { rank: 40, body: (value: boolean) => (value ? '\x01' : '\0') },
  date: { rank: 45, body: (value: Date) => numberKey(value.getTime()) },
};

function numberKey(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value === 0 ? 0 : value);
  if (value < 0) return inverted(bytes);
  return bytes.fill(bytes.readUInt8(0) | 128, 0, 1).toString('latin1');
}

function inverted(bytes: Buffer): string {
  return Buffer.from(bytes.map((byte) => 255 - byte)).toString('latin1');
}

function stringKey(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1').replaceAll('\0', '\0\xff') + '\0\x01';
}
