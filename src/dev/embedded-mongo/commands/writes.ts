import { type Collection } from '../storage/collection.js';
import { asCommandError, CommandError } from '../errors.js';
import { compileFilter, type Filter } from '../query/filter.js';
import { parseOrder } from '../storage/index-spec.js';
import { type DocumentRecord } from '../storage/ordered-index.js';
import { readOptions } from '../read-options.js';
import { type CommandRequest } from './command-request.js';
import { compileUpdate, type Update } from '../query/update.js';
import { type Doc, isDocument, withValueAt } from '../query/values.js';

/** Stores new documents. */
export const insert = batch('documents', (collection, source) => {
  if (!isDocument(source)) throw new CommandError('TypeMismatch', 'a document to insert must be one');
  collection.insert(source);
  return { n: 1 };
});

/** Changes one document per statement. */
export const update = batch('updates', (collection, source, now) => {
  const { q, u } = readOptions('update.updates', source, { q: 'object', u: 'any' });
  const change = compileUpdate(u);
  const [record] = collection.find(compileFilter(q, now), [], 1);
  if (!record) return { n: 0, nModified: 0 };
  const isModified = collection.replace(record, change(record.document, { now, inserting: false }));
  return { n: 1, nModified: isModified ? 1 : 0 };
});

/** Removes one document per statement. */
export const remove = batch('deletes', (collection, source, now) => {
  const { q } = readOptions('delete.deletes', source, { q: 'object', limit: '1' });
  const [record] = collection.find(compileFilter(q, now), [], 1);
  if (record) collection.remove(record);
  return { n: record ? 1 : 0 };
});

/** Finds one document and changes or removes it, or inserts the document of an upsert, in one step. */
export function findAndModify({ name, body, catalog, database, now }: CommandRequest): Doc {
  const options = readOptions(name, body, {
    findAndModify: 'string',
    query: 'object',
    sort: 'object?',
    update: 'any',
    remove: 'boolean?',
    new: 'boolean?',
    upsert: 'boolean?',
  });
  const collection = catalog.collection(`${database}.${options.findAndModify}`);
  const filter = compileFilter(options.query, now);
  const [record] = collection.find(filter, parseOrder(options.sort ?? {}), 1);
  if (options.remove) return removeFound(collection, record, options);
  const change = compileUpdate(options.update);
  if (!record && !options.upsert) {
    return { lastErrorObject: { n: 0, updatedExisting: false }, value: null, ok: 1 };
  }
  const before = record?.document ?? null;
  if (record) collection.replace(record, change(record.document, { now, inserting: false }));
  const after = record?.document ?? upsert(collection, filter, change, now);
  const upserted = record ? {} : { upserted: after._id };
  const lastErrorObject = { n: 1, updatedExisting: record !== undefined, ...upserted };
  return { lastErrorObject, value: options.new ? after : before, ok: 1 };
}

function removeFound(
  collection: Collection,
  record: DocumentRecord | undefined,
  options: { new?: boolean | undefined; upsert?: boolean | undefined; update: unknown },
): Doc {
  if (options.new || options.upsert || options.update !== undefined) {
    throw new CommandError('FailedToParse', "Cannot specify 'new', 'upsert' or 'update' with 'remove: true'");
  }
  if (record) collection.remove(record);
  return { lastErrorObject: { n: record ? 1 : 0 }, value: record?.document ?? null, ok: 1 };
}

/** Inserts a document with the equalities of the filter, changed by the update. */
function upsert(collection: Collection, { predicates }: Filter, change: Update, now: Date): Doc {
  const equalities = predicates
    .filter(({ name }) => name === '$eq')
    .reduce<Doc>((result, { path, operand }) => withValueAt(result, path, operand), {});
  return collection.insert(change(equalities, { now, inserting: true })).document;
}

/** A command of several statements. The first one that fails is the last one that runs. */
function batch(
  field: string,
  run: (collection: Collection, statement: unknown, now: Date) => { n: number; nModified?: number },
): (request: CommandRequest) => Doc {
  return ({ name, body, catalog, database, now }) => {
    readOptions(name, body, { [name]: 'string', [field]: 'array', ordered: 'true' });
    const collection = catalog.collection(`${database}.${String(body[name])}`);
    const total: Record<string, number> = {};
    for (const [index, statement] of (body[field] as unknown[]).entries()) {
      try {
        for (const [what, n] of Object.entries(run(collection, statement, now)))
          total[what] = (total[what] ?? 0) + n;
      } catch (error) {
        return { n: 0, ...total, writeErrors: [asCommandError(error).toWriteError(index)], ok: 1 };
      }
    }
    return { n: 0, ...total, ok: 1 };
  };
}
