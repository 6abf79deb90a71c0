import { asCommandError } from '../errors';
import { CommandError } from '../errors';
import { compileFilter } from '../query/matcher';
import { compileUpdate } from '../update/updater';
import { type Doc, isDocument, typeOf } from '../bson/values';
import { type Command, type CommandRequest } from './request';
import { upsert } from './upsert';

/** Commands that write in batches: each statement by itself, errors gathered in `writeErrors`. */
export const writeCommands: Record<string, Command> = {
  insert: { options: ['documents', 'ordered'], run: insert },
  update: { options: ['updates', 'ordered'], run: update },
  delete: { options: ['deletes', 'ordered'], run: remove },
};

function insert(request: CommandRequest): Doc {
  const { namespace, state } = request;
  let n = 0;
  const writeErrors = runStatements(request, 'documents', (source) => {
    if (!isDocument(source))
      throw new CommandError('TypeMismatch', `cannot insert a value of type ${typeOf(source)}`);
    state.catalog.write(namespace).insert(source);
    n++;
  });
  return { n, ...writeErrors, ok: 1 };
}

function update(request: CommandRequest): Doc {
  const total = { n: 0, nModified: 0 };
  const upserted: Doc[] = [];
  const writeErrors = runStatements(request, 'updates', (source, index) => {
    const statement = request.part('updates', source, ['q', 'u', 'multi', 'upsert']);
    const result = updateOne(request, statement);
    total.n += result.n;
    total.nModified += result.nModified;
    if (result.upsertedId !== undefined) upserted.push({ index, _id: result.upsertedId });
  });
  return { ...total, ...(upserted.length ? { upserted } : {}), ...writeErrors, ok: 1 };
}

/** One statement; with `multi` it stops at the first document that cannot be changed, as mongod does. */
function updateOne(
  request: CommandRequest,
  statement: CommandRequest,
): { n: number; nModified: number; upsertedId?: unknown } {
  const { now } = request;
  const multi = statement.flag('multi');
  const filter = compileFilter(statement.document('q'), now);
  const change = compileUpdate(statement.body.u);
  if (multi && change.replacement) {
    throw new CommandError('FailedToParse', 'multi update is not supported for replacement-style update');
  }
  const { collection } = request;
  const records = collection.find(filter, { limit: multi ? undefined : 1 });
  if (!records.length && statement.flag('upsert')) {
    const { document } = upsert(request.state.catalog.write(request.namespace), filter, change, now);
    return { n: 1, nModified: 0, upsertedId: document._id };
  }
  let nModified = 0;
  for (const record of records) {
    if (collection.replace(record, change.apply(record.document, { now, inserting: false }))) nModified++;
  }
  return { n: records.length, nModified };
}

function remove(request: CommandRequest): Doc {
  let n = 0;
  const writeErrors = runStatements(request, 'deletes', (source) => {
    const statement = request.part('deletes', source, ['q', 'limit']);
    const filter = compileFilter(statement.document('q'), request.now);
    const records = request.collection.find(filter, { limit: statement.number('limit') || undefined });
    for (const record of records) request.collection.remove(record);
    n += records.length;
  });
  return { n, ...writeErrors, ok: 1 };
}

function runStatements(
  request: CommandRequest,
  option: string,
  run: (statement: unknown, index: number) => void,
): { writeErrors?: Doc[] } {
  const ordered = request.flag('ordered', true);
  const writeErrors: Doc[] = [];
  for (const [index, statement] of request.list(option).entries()) {
    try {
      run(statement, index);
    } catch (error) {
      writeErrors.push(asCommandError(error).toWriteError(index));
      if (ordered) break;
    }
  }
  return writeErrors.length ? { writeErrors } : {};
}
