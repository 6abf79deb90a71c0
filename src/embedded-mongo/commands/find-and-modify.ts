import { CommandError } from '../errors';
import { compileFilter } from '../query/matcher';
import { compileProjection } from '../query/projection';
import { parseSort } from '../query/sorting';
import { compileUpdate } from '../update/updater';
import { type Doc } from '../bson/values';
import { type Command, type CommandRequest } from './request';
import { upsert } from './upsert';

/** Reading and changing one document in one step. */
export const findAndModifyCommands: Record<string, Command> = {
  findAndModify: {
    options: ['query', 'sort', 'remove', 'update', 'new', 'upsert', 'fields'],
    run: findAndModify,
  },
};

function findAndModify(request: CommandRequest): Doc {
  if (request.flag('remove') === request.has('update')) {
    throw new CommandError('FailedToParse', "Either an update or 'remove: true' must be specified, not both");
  }
  const { found, after, lastErrorObject } = request.flag('remove') ? removeOne(request) : updateOne(request);
  const value = request.flag('new') ? after : found;
  const projection = compileProjection(request.document('fields'));
  return { lastErrorObject, value: value ? projection(value) : null, ok: 1 };
}

interface Outcome {
  found?: Doc;
  after?: Doc;
  lastErrorObject: Doc;
}

function removeOne(request: CommandRequest): Outcome {
  if (request.flag('new') || request.flag('upsert')) {
    throw new CommandError('FailedToParse', "Cannot specify 'new' or 'upsert' with 'remove: true'");
  }
  const [record] = findOne(request);
  if (!record) return { lastErrorObject: { n: 0 } };
  request.collection.remove(record);
  return { found: record.document, lastErrorObject: { n: 1 } };
}

function updateOne(request: CommandRequest): Outcome {
  const { now, state, namespace } = request;
  const change = compileUpdate(request.body.update);
  const [record] = findOne(request);
  if (record) {
    const found = record.document;
    request.collection.replace(record, change.apply(found, { now, inserting: false }));
    return { found, after: record.document, lastErrorObject: { n: 1, updatedExisting: true } };
  }
  if (!request.flag('upsert')) return { lastErrorObject: { n: 0, updatedExisting: false } };
  const filter = compileFilter(request.document('query'), now);
  const { document } = upsert(state.catalog.write(namespace), filter, change, now);
  return { after: document, lastErrorObject: { n: 1, updatedExisting: false, upserted: document._id } };
}

function findOne(request: CommandRequest): ReturnType<CommandRequest['collection']['find']> {
  return request.collection.find(compileFilter(request.document('query'), request.now), {
    sort: parseSort(request.document('sort')),
    limit: 1,
  });
}
