import { Collection } from './collection';
import { CommandError } from '../errors';
import { type Journal } from './journal';

/** All collections of all databases, by namespace (`database.collection`). */
export class Catalog {
  private collections = new Map<string, Collection>();

  constructor(
    private readonly journal: Journal,
    private readonly notablescan: boolean,
  ) {
    this.reload();
  }

  /** Forgets the memory and reads everything from the journal, as after a commit that failed. */
  reload(): void {
    this.collections = new Map();
    for (const [namespace, { indexes, documents }] of this.journal.load()) {
      const collection = this.make(namespace);
      collection.load(indexes, documents);
      this.collections.set(namespace, collection);
    }
  }

  /** The collection; one that does not exist is empty, and writing to it has no effect. */
  read(namespace: string): Collection {
    return this.collections.get(namespace) ?? this.make(namespace);
  }

  /** The collection, if it exists. */
  find(namespace: string): Collection | undefined {
    return this.collections.get(namespace);
  }

  /** The collection, made when it does not exist. Throws InvalidNamespace. */
  write(namespace: string): Collection {
    const existing = this.collections.get(namespace);
    if (existing) return existing;
    if (/[$\0]/.test(namespace) || namespace.length > 255) {
      throw new CommandError('InvalidNamespace', `Invalid collection name: ${namespace}`);
    }
    const collection = this.make(namespace);
    this.journal.putCollection(namespace);
    this.collections.set(namespace, collection);
    return collection;
  }

  drop(namespace: string): void {
    if (this.collections.delete(namespace)) this.journal.removeCollection(namespace);
  }

  /** The collections of a database, or of all. */
  list(database?: string): Collection[] {
    const all = [...this.collections.values()];
    return database === undefined ? all : all.filter(({ namespace }) => namespace.startsWith(`${database}.`));
  }

  private make(namespace: string): Collection {
    return new Collection(namespace, this.journal, this.notablescan);
  }
}
