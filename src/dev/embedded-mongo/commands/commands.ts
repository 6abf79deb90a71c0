import { asCommandError, CommandError } from '../errors.js';
import { parseIndexSpec } from '../storage/index-spec.js';
import { aggregate, countAll, find, getMore, killCursors } from './reads.js';
import { readOptions } from '../read-options.js';
import { type CommandRequest, type ServerState } from './command-request.js';
import { type Doc, MAX_DOCUMENT_BYTES } from '../query/values.js';
import { findAndModify, insert, remove, update } from './writes.js';

type Command = (request: CommandRequest) => Doc;

const COMMANDS: Record<string, Command> = {
  hello,
  ismaster: hello,
  ping: acknowledge,
  // Without transactions a session has no state.
  endSessions: acknowledge,
  find,
  aggregate,
  count: countAll,
  getMore,
  killCursors,
  insert,
  update,
  delete: remove,
  findAndModify,
  createIndexes,
  listIndexes,
  dropIndexes,
  dropDatabase,
};

/** Fields that any command may have and that change nothing on a single server. */
const HARMLESS = ['$db', 'lsid', 'readConcern', 'writeConcern', 'maxTimeMS'];

/** Runs a command and returns its reply. An error becomes a reply too. */
export function runCommand(message: Doc, state: ServerState): Doc {
  try {
    const [name = ''] = Object.keys(message);
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw new CommandError('CommandNotFound', `no such command: '${name}'`);
    const { $db: database } = message;
    if (typeof database !== 'string')
      throw new CommandError('Location40414', `BSON field '${name}.$db' is missing`);
    const body = Object.fromEntries(Object.entries(message).filter(([option]) => !HARMLESS.includes(option)));
    return command({ name, database, body, now: new Date(), ...state });
  } catch (error) {
    return asCommandError(error).toReply();
  }
}

/** Tells the client that this is a standalone server of version 7.0. */
function hello({ now }: CommandRequest): Doc {
  return {
    helloOk: true,
    isWritablePrimary: true,
    ismaster: true,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: now,
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    ok: 1,
  };
}

function acknowledge({ name, body }: CommandRequest): Doc {
  readOptions(name, body, { [name]: 'any' });
  return { ok: 1 };
}

function createIndexes({ name, body, catalog, database }: CommandRequest): Doc {
  const options = readOptions(name, body, { createIndexes: 'string', indexes: 'array' });
  const specs = options.indexes.map(parseIndexSpec);
  const collection = catalog.collection(`${database}.${options.createIndexes}`);
  const numIndexesBefore = collection.indexCount;
  for (const spec of specs) collection.createIndex(spec);
  return { numIndexesBefore, numIndexesAfter: collection.indexCount, ok: 1 };
}

function listIndexes({ name, body, catalog, cursors, database }: CommandRequest): Doc {
  const options = readOptions(name, body, { listIndexes: 'string', cursor: 'object?' });
  const namespace = `${database}.${options.listIndexes}`;
  const definitions = catalog
    .collection(namespace)
    .indexDefinitions.map((definition) => ({ v: 2, ...definition }));
  return cursors.first(namespace, definitions);
}

/** Drops one index, by its name. */
function dropIndexes({ name, body, catalog, database }: CommandRequest): Doc {
  const options = readOptions(name, body, { dropIndexes: 'string', index: 'string' });
  const collection = catalog.collection(`${database}.${options.dropIndexes}`);
  const nIndexesWas = collection.indexCount;
  collection.dropIndex(options.index);
  return { nIndexesWas, ok: 1 };
}

function dropDatabase({ name, body, catalog, database }: CommandRequest): Doc {
  readOptions(name, body, { dropDatabase: 'any' });
  catalog.dropDatabase(database);
  return { dropped: database, ok: 1 };
}
