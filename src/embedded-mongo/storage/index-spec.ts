import { Int32 } from 'bson';
import { CommandError } from '../errors';
import { display } from '../bson/display';
import { compileFilter, type Filter } from '../query/matcher';
import { type Doc, equal, field, isDocument, isNumber, toNumber } from '../bson/values';

/** One field of an index. */
export interface IndexField {
  path: string;
  parts: readonly string[];
  descending: boolean;
}

/** A checked index definition; `source` is what listIndexes shows. */
export interface IndexSpec {
  name: string;
  fields: IndexField[];
  unique: boolean;
  sparse: boolean;
  partial: Filter | undefined;
  expireAfterSeconds: number | undefined;
  source: Doc;
}

const OPTIONS = ['v', 'key', 'name', 'unique', 'sparse', 'partialFilterExpression', 'expireAfterSeconds'];

/** The index that every collection has. */
export const ID_INDEX: Doc = { v: new Int32(2), key: { _id: new Int32(1) }, name: '_id_' };

/** Checks an index definition. Throws CannotCreateIndex or InvalidIndexSpecificationOption naming what is not built. */
export function parseIndexSpec(source: unknown): IndexSpec {
  if (!isDocument(source)) throw new CommandError('FailedToParse', 'an index definition must be a document');
  const rest = Object.fromEntries(Object.entries(source).filter(([option]) => option !== 'background'));
  const unknown = Object.keys(rest).find((option) => !OPTIONS.includes(option));
  const name = rest.name;
  if (unknown !== undefined) {
    throw new CommandError(
      'InvalidIndexSpecificationOption',
      `the index option '${unknown}' is not supported`,
    );
  }
  if (typeof name !== 'string' || name === '')
    throw new CommandError('FailedToParse', 'an index needs a name');
  const fields = parseKey(rest.key);
  const partial = rest.partialFilterExpression;
  return {
    name,
    fields,
    unique: name === ID_INDEX.name || flag(rest, 'unique'),
    sparse: flag(rest, 'sparse'),
    partial: partial === undefined ? undefined : parsePartial(partial),
    expireAfterSeconds: parseExpiry(rest.expireAfterSeconds, fields),
    source: { ...ID_INDEX, ...rest, v: ID_INDEX.v },
  };
}

/** Whether two definitions name the same index with the same options. */
export function sameSpec(a: IndexSpec, b: IndexSpec): boolean {
  return equal(comparable(a), comparable(b));
}

/** Whether two definitions differ in their names only. */
export function sameExceptName(a: IndexSpec, b: IndexSpec): boolean {
  return equal({ ...comparable(a), name: '' }, { ...comparable(b), name: '' });
}

function comparable({ name, fields, unique, sparse, partial, expireAfterSeconds }: IndexSpec): Doc {
  const key = fields.map(({ path, descending }) => [path, descending]);
  return { name, key, unique, sparse, partial: partial?.source ?? null, expires: String(expireAfterSeconds) };
}

function parseKey(key: unknown): IndexField[] {
  if (!isDocument(key) || Object.keys(key).length === 0) {
    throw new CommandError('CannotCreateIndex', 'an index needs at least one field');
  }
  return Object.entries(key).map(([path, direction]) => {
    const order = toNumber(direction);
    if ((order !== 1 && order !== -1) || path.includes('$')) {
      throw new CommandError(
        'CannotCreateIndex',
        `the index type of '${path}' is not supported, only 1 and -1 are`,
      );
    }
    return { path, parts: path.split('.'), descending: order === -1 };
  });
}

function parseExpiry(expiry: unknown, fields: IndexField[]): number | undefined {
  if (expiry === undefined) return undefined;
  if (isNumber(expiry) && toNumber(expiry) >= 0 && fields.length === 1) return toNumber(expiry);
  throw new CommandError('CannotCreateIndex', 'expireAfterSeconds needs a number and an index of one field');
}

function parsePartial(expression: unknown): Filter {
  const filter = compileFilter(expression, new Date(0));
  const { predicates, ors, others } = filter;
  const refused = predicates.find(({ name }) => name === '$ne' || name === '$nin');
  if (refused || ors.length || others.length) {
    throw new CommandError(
      'CannotCreateIndex',
      `unsupported expression in partial index: ${display(expression)}`,
    );
  }
  return filter;
}

function flag(source: Doc, option: string): boolean {
  const value = field(source, option);
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw new CommandError('TypeMismatch', `the index option '${option}' must be a boolean`);
}
