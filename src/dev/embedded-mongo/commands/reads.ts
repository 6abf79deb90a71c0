import { CommandError } from '../errors.js';
import { compileFilter } from '../query/filter.js';
import { parseOrder } from '../storage/index-spec.js';
import { readOptions } from '../read-options.js';
import { type CommandRequest } from './command-request.js';
import { type Doc, isDocument } from '../query/values.js';

/** The documents that match a filter. */
export function find({ name, body, catalog, cursors, database, now }: CommandRequest): Doc {
  const options = readOptions(name, body, {
    find: 'string',
    filter: 'object?',
    sort: 'object?',
    projection: 'object?',
    limit: 'number?',
    batchSize: 'number?',
    singleBatch: 'boolean?',
  });
  const namespace = `${database}.${options.find}`;
  const filter = compileFilter(options.filter ?? {}, now);
  // A limit of zero is no limit.
  const limit = options.limit === 0 ? undefined : options.limit;
  const records = catalog.collection(namespace).find(filter, parseOrder(options.sort ?? {}), limit);
  const project = compileProjection(options.projection ?? {});
  const documents = records.map((record) => project(record.document));
  return cursors.first(namespace, documents, options.batchSize, options.singleBatch);
}

/** Counts the documents that match a filter, up to a limit, with the one aggregation that the driver's countDocuments sends. */
export function aggregate({ name, body, catalog, cursors, database, now }: CommandRequest): Doc {
  const options = readOptions(name, body, { aggregate: 'string', pipeline: 'array', cursor: 'object' });
  readOptions('aggregate.cursor', options.cursor, {});
  const [match, ...stages] = options.pipeline;
  const limit = limitOf(stages[0]);
  const [group, ...more] = limit === undefined ? stages : stages.slice(1);
  const { $match } = readOptions('aggregate.pipeline', match, { $match: 'object' });
  const isCount = JSON.stringify(group) === '{"$group":{"_id":1,"n":{"$sum":1}}}';
  if (!isCount || more.length) {
    throw new CommandError(
      'Location40324',
      'Unrecognized pipeline: only a $match, with a $limit or without, counted by a $group is supported',
    );
  }
  const namespace = `${database}.${options.aggregate}`;
  const n = catalog.collection(namespace).find(compileFilter($match, now), [], limit).length;
  return cursors.first(namespace, n ? [{ _id: 1, n }] : []);
}

function limitOf(stage: unknown): number | undefined {
  const isLimit = isDocument(stage) && Object.keys(stage).join() === '$limit';
  return isLimit && typeof stage['$limit'] === 'number' ? stage['$limit'] : undefined;
}

/** The number of documents in a collection. */
export function countAll({ name, body, catalog, database }: CommandRequest): Doc {
  const options = readOptions(name, body, { count: 'string' });
  return { n: catalog.collection(`${database}.${options.count}`).size, ok: 1 };
}

/** The next batch of a cursor. */
export function getMore({ name, body, cursors }: CommandRequest): Doc {
  const options = readOptions(name, body, { getMore: 'any', collection: 'string', batchSize: 'number?' });
  return cursors.more(options.getMore, options.batchSize);
}

/** Drops cursors. */
export function killCursors({ name, body, cursors }: CommandRequest): Doc {
  return cursors.kill(readOptions(name, body, { killCursors: 'string', cursors: 'array' }).cursors);
}

/** A projection to whole fields and the _id. */
function compileProjection(source: Doc): (document: Doc) => Doc {
  const names = Object.keys(source);
  for (const name of names) {
    if ((source[name] === 1 || source[name] === true) && !/[.$]/.test(name)) continue;
    throw new CommandError(
      'NotImplemented',
      `the projection of '${name}' is not supported, only whole fields are`,
    );
  }
  if (!names.length) return (whole) => whole;
  return (whole) =>
    Object.fromEntries(Object.entries(whole).filter(([name]) => name === '_id' || names.includes(name)));
}
