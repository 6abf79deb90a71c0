import { type Collection } from './collection';
import { asCommandError, CommandError } from './errors';
import { compileFilter, type Filter } from './filter';
import { parseOrder } from './index-spec';
import { type DocumentRecord } from './ordered-index';
import { anything, type CommandRequest, document, flag, list, only, readOptions, text } from './request';
import { compileUpdate, type Update } from './update';
import { type Doc, withValueAt } from './values';

/** Stores new documents. */
export function insert({ name, body, catalog, database }: CommandRequest): Doc {
  const options = readOptions(name, body, { insert: text, documents: list, ordered: only(true) });
  const collection = catalog.collection(`${database}.${options.insert}`);
  let n = 0;
  const writeErrors = runStatements(options.documents, (source) => {
    collection.insert(document(source, 'insert.documents'));
    n++;
  });
  return { n, ...writeErrors, ok: 1 };
}

/** Changes one document per statement. */
export function update({ name, body, catalog, database, now }: CommandRequest): Doc {
  const options = readOptions(name, body, { update: text, updates: list, ordered: only(true) });
  const collection = catalog.collection(`${database}.${options.update}`);
  const total = { n: 0, nModified: 0 };
  const writeErrors = runStatements(options.updates, (source) => {
    const { q, u } = readOptions('update.updates', source, { q: document, u: anything });
    const change = compileUpdate(u);
    const [record] = collection.find(compileFilter(q, now), [], 1);
    if (!record) return;
    const isModified = collection.replace(record, change(record.document, { now, inserting: false }));
    total.n += 1;
    total.nModified += isModified ? 1 : 0;
  });
  return { ...total, ...writeErrors, ok: 1 };
}

/** Removes one document per statement. */
export function remove({ name, body, catalog, database, now }: CommandRequest): Doc {
  const options = readOptions(name, body, { delete: text, deletes: list, ordered: only(true) });
  const collection = catalog.collection(`${database}.${options.delete}`);
  let n = 0;
  const writeErrors = runStatements(options.deletes, (source) => {
    const { q } = readOptions('delete.deletes', source, { q: document, limit: only(1) });
    const [record] = collection.find(compileFilter(q, now), [], 1);
    if (!record) return;
    collection.remove(record);
    n++;
  });
  return { n, ...writeErrors, ok: 1 };
}

/** Reads one document and changes or removes it, or inserts what an upsert makes, in one step. */
export function findAndModify({ name, body, catalog, database, now }: CommandRequest): Doc {
  const flags = { remove: flag, new: flag, upsert: flag };
  const readers = { findAndModify: text, query: document, sort: document, update: anything };
  const options = readOptions(name, body, { ...readers, ...flags });
  const collection = catalog.collection(`${database}.${options.findAndModify}`);
  const filter = compileFilter(options.query, now);
  const [record] = collection.find(filter, parseOrder(options.sort), 1);
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
  options: { new: boolean; upsert: boolean; update: unknown },
): Doc {
  if (options.new || options.upsert || options.update !== undefined) {
    throw new CommandError('FailedToParse', "Cannot specify 'new', 'upsert' or 'update' with 'remove: true'");
  }
  if (record) collection.remove(record);
  return { lastErrorObject: { n: record ? 1 : 0 }, value: record?.document ?? null, ok: 1 };
}

/** Inserts the equalities of the filter, changed by the update. */
function upsert(collection: Collection, { predicates }: Filter, change: Update, now: Date): Doc {
  const equalities = predicates
    .filter(({ name }) => name === '$eq')
    .reduce<Doc>((result, { path, operand }) => withValueAt(result, path, operand), {});
  return collection.insert(change(equalities, { now, inserting: true })).document;
}

/** Runs the statements up to the first that fails. */
function runStatements(statements: unknown[], run: (statement: unknown) => void): { writeErrors?: Doc[] } {
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement);
    } catch (error) {
      return { writeErrors: [asCommandError(error).toWriteError(index)] };
    }
  }
  return {};
}
