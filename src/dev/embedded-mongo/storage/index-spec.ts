import { CommandError } from '../errors.js';
import { compileFilter, type Filter } from '../query/filter.js';
import { readOptions } from '../read-options.js';
import { type Doc, isDocument } from '../query/values.js';

/** One field of an index or of a sort. */
export interface OrderField {
  path: string;
  descending: boolean;
}

/** A checked index definition; `source` is what is stored. */
export interface IndexSpec {
  name: string;
  fields: OrderField[];
  unique: boolean;
  partial: Filter | undefined;
  expireAfterSeconds: number | undefined;
  source: Doc;
}

/** The index that every collection has. */
export const ID_INDEX: Doc = { key: { _id: 1 }, name: '_id_', unique: true };

/** Checks an index definition. Throws a CommandError that names what is not supported. */
export function parseIndexSpec(definition: unknown): IndexSpec {
  const source = isDocument(definition) ? definition : {};
  const kinds = {
    key: 'object',
    name: 'string',
    partialFilterExpression: 'object?',
    unique: 'boolean?',
    sparse: 'boolean?',
    expireAfterSeconds: 'number?',
    v: 'number?',
  } as const;
  const spec = readOptions('createIndexes.indexes', source, kinds, 'InvalidIndexSpecificationOption');
  const { name, unique = false, sparse = false, partialFilterExpression, expireAfterSeconds } = spec;
  const fields = parseOrder(spec.key);
  const [first, second] = fields;
  if (!first) throw invalid('key');
  if (expireAfterSeconds !== undefined && second) throw invalid('expireAfterSeconds');
  if (sparse && (second || partialFilterExpression)) throw invalid('sparse');
  // A sparse index of one field is a partial index of the documents that have the field.
  const partial = parsePartial(sparse ? { [first.path]: { $exists: true } } : partialFilterExpression);
  return { name, fields, unique, partial, expireAfterSeconds, source };
}

/** The fields of an index or a sort. Throws BadValue for directions other than 1 and -1. */
export function parseOrder(source: Doc): OrderField[] {
  return Object.entries(source).map(([path, direction]) => {
    if ((direction === 1 || direction === -1) && !path.includes('$'))
      return { path, descending: direction === -1 };
    throw new CommandError('BadValue', `the order of '${path}' must be 1 or -1, others are not supported`);
  });
}

function parsePartial(expression: unknown): Filter | undefined {
  if (expression === undefined) return undefined;
  const filter = compileFilter(expression, new Date(0));
  if (filter.predicates.length === Object.keys(filter.source).length) return filter;
  throw invalid('partialFilterExpression');
}

function invalid(option: string): CommandError {
  return new CommandError('CannotCreateIndex', `the index option '${option}' is not supported so`);
}
