import { isDeepStrictEqual } from 'node:util';
import { ObjectId } from 'bson';
import { CommandError } from '../errors.js';
import { type Filter } from '../query/filter.js';
import { ID_INDEX, type IndexSpec, type OrderField, parseIndexSpec } from './index-spec.js';
import { type Journal } from './journal.js';
import { type DocumentRecord, END, OrderedIndex } from './ordered-index.js';
import { boundsOf, type Plan, plan } from './planner.js';
import { decode, directedKey, type Doc, encode, orderKey, valueAt } from '../query/values.js';

/** The documents of one collection and its indexes, all in memory. Every change goes to the journal too. */
export class Collection {
  readonly #namespace: string;
  readonly #journal: Journal;
  readonly #notablescan: boolean;
  readonly #idIndex = new OrderedIndex(parseIndexSpec(ID_INDEX));
  readonly #indexes = [this.#idIndex];
  #sequence = 0;

  constructor(namespace: string, journal: Journal, notablescan: boolean) {
    this.#namespace = namespace;
    this.#journal = journal;
    this.#notablescan = notablescan;
  }

  get size(): number {
    return this.#idIndex.size;
  }

  /** The definitions of all indexes, as they were given. */
  get indexDefinitions(): Doc[] {
    return this.#indexes.map(({ spec }) => spec.source);
  }

  get indexCount(): number {
    return this.#indexes.length;
  }

  /** The records that match. Throws NoQueryExecutionPlans when no index can be used and `notablescan` is on. */
  find(filter: Filter, sort: OrderField[] = [], limit = Infinity): DocumentRecord[] {
    const { ranges, sorted, backwards } = plan(this.#indexes, filter, sort) ?? this.#wholeScan(filter);
    const enough = sorted || !sort.length ? limit : Infinity;
    const found = new Set<DocumentRecord>();
    for (const { index, start, end } of ranges) {
      for (const record of index.scan(start, end, backwards)) {
        if (found.size >= enough) break;
        if (filter.matches(record.document)) found.add(record);
      }
    }
    return (sorted ? [...found] : sortBy([...found], sort)).slice(0, limit);
  }

  /** Stores a new document, with an ObjectId when it has no _id. Throws DuplicateKey, leaving nothing behind. */
  insert(source: Doc): DocumentRecord {
    const { _id = new ObjectId(), ...rest } = source;
    const bson = encode({ _id, ...rest });
    // Memory holds what was encoded: it never differs from the disk and shares no bytes with a message.
    const record = { sequence: this.#sequence++, bson, document: decode(bson) };
    for (const index of this.#indexes) index.assertFree(record.document, this.#namespace);
    for (const index of this.#indexes) index.insert(record);
    this.#journal.put(this.#namespace, idBytes(record), bson);
    return record;
  }

  /** Replaces the document of a record; false when nothing changes. Throws ImmutableField, DuplicateKey. */
  replace(record: DocumentRecord, next: Doc): boolean {
    if (orderKey(next._id) !== orderKey(record.document._id)) {
      throw new CommandError('ImmutableField', "the update would modify the immutable field '_id'");
    }
    const bson = encode(next);
    if (bson.equals(record.bson)) return false;
    const document = decode(bson);
    for (const index of this.#indexes) index.assertFree(document, this.#namespace, record);
    for (const index of this.#indexes) index.remove(record);
    Object.assign(record, { bson, document });
    for (const index of this.#indexes) index.insert(record);
    this.#journal.put(this.#namespace, idBytes(record), bson);
    return true;
  }

  remove(record: DocumentRecord): void {
    for (const index of this.#indexes) index.remove(record);
    this.#journal.remove(this.#namespace, idBytes(record));
  }

  /** Adds an index unless it is there. Throws IndexKeySpecsConflict, IndexOptionsConflict, DuplicateKey. */
  createIndex(spec: IndexSpec): void {
    const rival = this.#indexes
      .map((index) => index.spec)
      .find((other) => other.name === spec.name || isDeepStrictEqual(other.fields, spec.fields));
    if (rival && identityOf(rival) === identityOf(spec)) return;
    if (rival) {
      const codeName = rival.name === spec.name ? 'IndexKeySpecsConflict' : 'IndexOptionsConflict';
      throw new CommandError(codeName, `${rival.name} is an index of the same name or key, but not the same`);
    }
    const index = new OrderedIndex(spec);
    index.build(this.#idIndex.scan('', END), this.#namespace);
    this.#indexes.push(index);
    this.#journal.putIndex(this.#namespace, spec.name, encode(spec.source));
  }

  /** Drops an index. Throws InvalidOptions for that of the _id, and IndexNotFound. */
  dropIndex(name: string): void {
    if (name === this.#idIndex.spec.name) throw new CommandError('InvalidOptions', 'cannot drop _id index');
    const position = this.#indexes.findIndex(({ spec }) => spec.name === name);
    if (position < 0) throw new CommandError('IndexNotFound', `index not found with name [${name}]`);
    this.#indexes.splice(position, 1);
    this.#journal.removeIndex(this.#namespace, name);
  }

  /** Fills the collection with what the journal holds. */
  load(indexes: Buffer[], documents: Buffer[]): void {
    for (const spec of indexes) this.#indexes.push(new OrderedIndex(parseIndexSpec(decode(spec))));
    const records = documents.map((bson) => ({ sequence: this.#sequence++, bson, document: decode(bson) }));
    for (const index of this.#indexes) index.build(records, this.#namespace);
  }

  /** Deletes what has expired by a TTL index. */
  removeExpired(now: Date): void {
    for (const index of this.#indexes) {
      const { expireAfterSeconds, fields } = index.spec;
      if (expireAfterSeconds === undefined) continue;
      const limit = new Date(now.getTime() - expireAfterSeconds * 1000);
      const expired = index.scan(...boundsOf('$lte', limit, fields[0]?.descending ?? false));
      for (const record of [...expired]) this.remove(record);
    }
  }

  #wholeScan({ source }: Filter): Plan {
    const everything = { index: this.#idIndex, start: '', end: END };
    if (!this.#notablescan) return { ranges: [everything], sorted: false, backwards: false };
    throw new CommandError(
      'NoQueryExecutionPlans',
      `No indexed plans available, and running with 'notablescan': ${this.#namespace}, filter on ${JSON.stringify(Object.keys(source))}`,
    );
  }
}

/** Two definitions with the same identity are the same index. */
function identityOf({ name, fields, unique, partial, expireAfterSeconds }: IndexSpec): string {
  return JSON.stringify([name, fields, unique, partial?.source, expireAfterSeconds]);
}

function idBytes({ document }: DocumentRecord): Buffer {
  return Buffer.from(orderKey(document._id), 'latin1');
}

/** The records in order. The sort is stable. */
function sortBy(records: DocumentRecord[], sort: OrderField[]): DocumentRecord[] {
  const keyOf = ({ document }: DocumentRecord): string =>
    sort.map(({ path, descending }) => directedKey(valueAt(document, path) ?? null, descending)).join('');
  const keyed = records.map((record) => ({ record, key: keyOf(record) }));
  return keyed.sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1)).map(({ record }) => record);
}
