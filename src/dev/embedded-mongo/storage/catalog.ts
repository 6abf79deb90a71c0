import { Collection } from './collection.js';
import { CommandError } from '../errors.js';
import { type Journal } from './journal.js';

/** All collections of all databases, by namespace (`database.collection`). */
export class Catalog {
  readonly #journal: Journal;
  readonly #notablescan: boolean;
  #collections = new Map<string, Collection>();

  constructor(journal: Journal, notablescan: boolean) {
    this.#journal = journal;
    this.#notablescan = notablescan;
    this.reload();
  }

  /** Reads everything anew from the journal: after a commit that failed, the memory is ahead of the disk. */
  reload(): void {
    this.#collections = new Map();
    for (const [namespace, { indexes, documents }] of this.#journal.load())
      this.collection(namespace).load(indexes, documents);
  }

  /** The collection, which is made when it does not exist. Throws InvalidNamespace. */
  collection(namespace: string): Collection {
    const existing = this.#collections.get(namespace);
    if (existing) return existing;
    if (!/^[^.$/\\ "\0]+\.[^$\0]+$/.test(namespace) || namespace.length > 255) {
      throw new CommandError('InvalidNamespace', `Invalid namespace specified '${namespace}'`);
    }
    const collection = new Collection(namespace, this.#journal, this.#notablescan);
    this.#collections.set(namespace, collection);
    return collection;
  }

  dropDatabase(database: string): void {
    for (const namespace of this.#collections.keys()) {
      if (!namespace.startsWith(`${database}.`)) continue;
      this.#collections.delete(namespace);
      this.#journal.removeCollection(namespace);
    }
  }

  /** Deletes what has expired by a TTL index. */
  removeExpired(now: Date): void {
    for (const collection of this.#collections.values()) collection.removeExpired(now);
  }
}
