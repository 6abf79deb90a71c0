import { Long } from 'bson';
import { compileFilter } from '../query/matcher';
import { type DocumentRecord } from '../storage/ordered-index';
import { compileProjection, type Projection } from '../query/projection';
import { parseSort } from '../query/sorting';
import { type Result } from '../server/cursors';
import { CommandError } from '../errors';
import { type Doc } from '../bson/values';
import { type Command, type CommandRequest } from './request';

/** Commands that read: find, count and what belongs to cursors. */
export const readCommands: Record<string, Command> = {
  find: {
    options: ['filter', 'sort', 'projection', 'skip', 'limit', 'batchSize', 'singleBatch'],
    run: find,
  },
  count: {
    options: ['query', 'skip', 'limit'],
    run: count,
  },
  getMore: {
    options: ['collection', 'batchSize'],
    run: (request) => request.state.cursors.more(cursorId(request.body.getMore), request.number('batchSize')),
  },
  killCursors: {
    options: ['cursors'],
    run: killCursors,
  },
};

function find(request: CommandRequest): Doc {
  const records = request.collection.find(compileFilter(request.document('filter'), request.now), {
    sort: parseSort(request.document('sort')),
    skip: request.number('skip'),
    limit: request.number('limit') || undefined,
  });
  const projection = compileProjection(request.document('projection'));
  return request.state.cursors.first(request.namespace, projected(records, projection), {
    batchSize: request.number('batchSize'),
    singleBatch: request.flag('singleBatch'),
  });
}

function* projected(records: DocumentRecord[], projection: Projection): Generator<Result> {
  for (const { document, bytes } of records.map(({ document, bson }) => ({ document, bytes: bson.length }))) {
    yield { document: projection(document), bytes };
  }
}

function count(request: CommandRequest): Doc {
  // Without a filter the number is known and nothing is read, so no index is needed.
  const filter = request.document('query');
  const all = Object.keys(filter).length === 0;
  const { collection } = request;
  const found = all ? collection.size : collection.find(compileFilter(filter, request.now)).length;
  const left = Math.max(0, found - (request.number('skip') ?? 0));
  return { n: Math.min(left, request.number('limit') || Infinity), ok: 1 };
}

function killCursors(request: CommandRequest): Doc {
  const ids = request.list('cursors').map(cursorId);
  const cursorsKilled = ids.filter((id) => request.state.cursors.kill(id));
  const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id));
  return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 };
}

function cursorId(value: unknown): Long {
  if (value instanceof Long) return value;
  throw new CommandError('TypeMismatch', 'a cursor id must be a long');
}
