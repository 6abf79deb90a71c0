import { CommandError } from '../errors';
import { type Collection } from '../storage/collection';
import { ID_INDEX, parseIndexSpec } from '../storage/index-spec';
import { compileFilter } from '../query/matcher';
import { type Doc, equal, isDocument } from '../bson/values';
import { type Command, type CommandRequest } from './request';

/** Commands about collections, indexes and databases. */
export const administrationCommands: Record<string, Command> = {
  create: { options: [], run: create },
  drop: {
    options: [],
    run: ({ state, namespace }) => {
      state.catalog.drop(namespace);
      return { ns: namespace, ok: 1 };
    },
  },
  dropDatabase: {
    options: [],
    run: ({ state, database }) => {
      for (const { namespace } of state.catalog.list(database)) state.catalog.drop(namespace);
      return { dropped: database, ok: 1 };
    },
  },
  createIndexes: { options: ['indexes'], run: createIndexes },
  listIndexes: { options: ['cursor'], run: listIndexes },
  dropIndexes: { options: ['index'], run: dropIndexes },
  listCollections: {
    options: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
    run: listCollections,
  },
  listDatabases: { options: ['nameOnly', 'authorizedDatabases'], run: listDatabases },
};

function create({ state, namespace }: CommandRequest): Doc {
  if (state.catalog.find(namespace)) {
    throw new CommandError('NamespaceExists', `Collection ${namespace} already exists.`);
  }
  state.catalog.write(namespace);
  return { ok: 1 };
}

function createIndexes(request: CommandRequest): Doc {
  const { state, namespace } = request;
  const specs = request.list('indexes').map(parseIndexSpec);
  const createdCollectionAutomatically = !state.catalog.find(namespace);
  const collection = state.catalog.write(namespace);
  const numIndexesBefore = collection.indexes.length;
  for (const spec of specs.filter(({ source }) => !equal(source.key, ID_INDEX.key)))
    collection.createIndex(spec);
  const numIndexesAfter = collection.indexes.length;
  return { numIndexesBefore, numIndexesAfter, createdCollectionAutomatically, ok: 1 };
}

function listIndexes(request: CommandRequest): Doc {
  const { state, namespace } = request;
  const indexes = existing(request).indexes.map(({ spec }) => ({ document: spec.source, bytes: 0 }));
  return state.cursors.first(namespace, indexes, { batchSize: Infinity });
}

function dropIndexes(request: CommandRequest): Doc {
  const collection = existing(request);
  const nIndexesWas = collection.indexes.length;
  const { index } = request.body;
  const names = Array.isArray(index) ? index.map(String) : [nameOf(collection, index)];
  const all = names.includes('*') ? collection.indexes.slice(1).map(({ spec }) => spec.name) : names;
  for (const name of all) collection.dropIndex(name);
  return { nIndexesWas, ok: 1 };
}

/** An index may be named or given by its key. */
function nameOf({ indexes }: Collection, index: unknown): string {
  if (!isDocument(index)) return String(index);
  const found = indexes.find(({ spec }) => equal(spec.source.key, index));
  if (found) return found.spec.name;
  throw new CommandError('IndexNotFound', `can't find index with key: ${JSON.stringify(Object.keys(index))}`);
}

function listCollections(request: CommandRequest): Doc {
  const { state, database, now } = request;
  const { matches } = compileFilter(request.document('filter'), now);
  const documents = state.catalog.list(database).map(({ namespace }): Doc => {
    const name = namespace.slice(database.length + 1);
    return { name, type: 'collection', options: {}, info: { readOnly: false }, idIndex: ID_INDEX };
  });
  const results = documents.filter(matches).map((document) => ({ document, bytes: 0 }));
  return state.cursors.first(`${database}.$cmd.listCollections`, results, { batchSize: Infinity });
}

function listDatabases({ state }: CommandRequest): Doc {
  const names = new Set(state.catalog.list().map(({ namespace }) => namespace.split('.')[0]));
  const databases = [...names].map((name) => ({ name, sizeOnDisk: 0, empty: false }));
  return { databases, totalSize: 0, ok: 1 };
}

function existing({ state, namespace }: CommandRequest): Collection {
  const collection = state.catalog.find(namespace);
  if (collection) return collection;
  throw new CommandError('NamespaceNotFound', `ns does not exist: ${namespace}`);
}
