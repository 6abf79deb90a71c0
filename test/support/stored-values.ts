import mongoose from 'mongoose';
import { type DatabaseProxy } from './database-proxy.js';

/** What a server has handed to its database to be stored, or what is stored there. */
export interface StoredValue {
  collection: string;
  /** The whole command or document as JSON. */
  text: string;
}

const WRITES = ['insert', 'update', 'findAndModify'];

/** Records every write command that passes a proxy, also of documents that are deleted later. Replaces its rule. */
export function recordWrites(proxy: DatabaseProxy): StoredValue[] {
  const writes: StoredValue[] = [];
  proxy.interfere((command) => {
    const kind = WRITES.find((name) => typeof command[name] === 'string');
    if (kind) writes.push({ collection: String(command[kind]), text: JSON.stringify(command) });
    return undefined;
  });
  return writes;
}

/** Every document of these collections. They are read by `_id`, because the database of the tests refuses scans. */
export async function storedDocuments(
  mongodbUri: string,
  collections: Iterable<string>,
): Promise<StoredValue[]> {
  const connection = await mongoose.createConnection(mongodbUri).asPromise();
  try {
    const read = async (collection: string) => {
      const documents = await connection.collection(collection).find().sort({ _id: 1 }).toArray();
      return documents.map((document) => ({ collection, text: JSON.stringify(document) }));
    };
    return (await Promise.all([...collections].map(read))).flat();
  } finally {
    await connection.close();
  }
}
