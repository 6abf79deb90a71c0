import { CommandError } from './errors';
import { compileFilter, type Filter } from './filter';
import { type Doc, isDocument } from './values';

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

const OPTIONS = ['v', 'key', 'name', 'unique', 'sparse', 'partialFilterExpression', 'expireAfterSeconds'];

/** Checks an index definition. Throws a CommandError naming what is not built. */
export function parseIndexSpec(source: unknown): IndexSpec {
  if (!isDocument(source)) throw new CommandError('FailedToParse', 'an index definition must be a document');
  const { key, name, unique = false, sparse = false, expireAfterSeconds } = source;
  const unknown = Object.keys(source).find((option) => !OPTIONS.includes(option));
  if (unknown !== undefined) {
    throw new CommandError(
      'InvalidIndexSpecificationOption',
      `the index option '${unknown}' is not supported`,
    );
  }
  const fields = isDocument(key) ? parseOrder(key) : [];
  const isExpiry = typeof expireAfterSeconds === 'number' && expireAfterSeconds >= 0 && fields.length === 1;
  if (expireAfterSeconds !== undefined && !isExpiry) throw invalid('expireAfterSeconds');
  if (fields.length === 0) throw invalid('key');
  if (typeof name !== 'string') throw invalid('name');
  if (typeof unique !== 'boolean') throw invalid('unique');
  const partial =
    sparse === false ? parsePartial(source.partialFilterExpression) : sparseCondition(source, fields);
  return {
    name,
    fields,
    unique,
    partial,
    expireAfterSeconds: isExpiry ? expireAfterSeconds : undefined,
    source,
  };
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

/** What a sparse index of one field leaves out is what a partial index on its existence does. */
function sparseCondition({ sparse, partialFilterExpression }: Doc, fields: IndexSpec['fields']): Filter {
  const [field] = fields;
  if (sparse !== true || partialFilterExpression !== undefined || !field || fields.length > 1)
    throw invalid('sparse');
  return compileFilter({ [field.path]: { $exists: true } }, new Date(0));
}

function invalid(option: string): CommandError {
  return new CommandError('CannotCreateIndex', `the index option '${option}' is missing or not supported so`);
}
