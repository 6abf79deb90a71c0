import { ObjectId } from 'bson';
import { decode, encode, encoded } from '../bson/documents';
import { CommandError } from '../errors';
import { ID_INDEX, type IndexSpec, parseIndexSpec, sameExceptName, sameSpec } from './index-spec';
import { type DocumentRecord, END, OrderedIndex } from './ordered-index';
import { type Journal } from './journal';
import { compileFilter, type Filter } from '../query/matcher';
import { type Plan, plan } from './planner';
import { sortBy, type SortField } from '../query/sorting';
import { type Doc, equal, orderKey, typeOf } from '../bson/values';

/** Which of the matching documents a search wants, and in what order. */
export interface Window {
  sort?: SortField[];
  skip?: number;
  limit?: number;
}

/** The documents of one collection with their indexes, all in memory; every change is told to the journal. */
export class Collection {
  readonly indexes: OrderedIndex[] = [];
  private sequence = 0;

  constructor(
    readonly namespace: string,
    private readonly journal: Journal,
    private readonly notablescan: boolean,
  ) {
    this.indexes.push(new OrderedIndex(parseIndexSpec(ID_INDEX)));
  }

  get size(): number {
    return this.idIndex.size;
  }

  /** The matching records. Throws NoQueryExecutionPlans when no index serves and `notablescan` is on. */
  find(filter: Filter, { sort = [], skip = 0, limit = Infinity }: Window = {}): DocumentRecord[] {
    const whole: Plan = {
      ranges: [{ index: this.idIndex, start: '', end: END }],
      sorted: false,
      backwards: false,
    };
    const served = plan(this.indexes, filter, sort);
    if (!served && this.notablescan) throw noPlan(this.namespace, filter);
    const { ranges, sorted, backwards } = served ?? whole;
    const enough = sorted || !sort.length ? skip + limit : Infinity;
    const found = new Set<DocumentRecord>();
    for (const { index, start, end } of ranges) {
      for (const record of index.scan(start, end, backwards)) {
        if (found.size >= enough) break;
        if (filter.matches(record.document)) found.add(record);
      }
    }
    const ordered = sorted ? [...found] : sortBy([...found], ({ document }) => document, sort);
    return ordered.slice(skip, skip + limit);
  }

  /** Stores a new document, with an ObjectId when it has no _id. Throws DuplicateKey, leaving nothing behind. */
  insert(source: Doc): DocumentRecord {
    const { _id = new ObjectId(), ...rest } = source;
    const type = typeOf(_id);
    if (type === 'array' || type === 'regex') {
      throw new CommandError('InvalidIdField', `The '_id' value cannot be of type ${type}`);
    }
    const record = { sequence: this.sequence++, ...encoded({ _id, ...rest }) };
    for (const index of this.indexes) index.assertFree(record.document, this.namespace, undefined);
    for (const index of this.indexes) index.insert(record);
    this.journal.put(this.namespace, idBytes(record), record.bson);
    return record;
  }

  /** Replaces the document of a record; false when nothing changes. Throws ImmutableField, DuplicateKey. */
  replace(record: DocumentRecord, source: Doc): boolean {
    const { _id, ...rest } = source;
    if (!equal(_id, record.document._id)) {
      throw new CommandError(
        'ImmutableField',
        "Performing an update on the path '_id' would modify the immutable field '_id'",
      );
    }
    const next = encoded({ _id: record.document._id, ...rest });
    if (next.bson.equals(record.bson)) return false;
    for (const index of this.indexes) index.assertFree(next.document, this.namespace, record);
    for (const index of this.indexes) index.replace(record, next.document);
    Object.assign(record, next);
    this.journal.put(this.namespace, idBytes(record), record.bson);
    return true;
  }

  remove(record: DocumentRecord): void {
    for (const index of this.indexes) index.remove(record);
    this.journal.remove(this.namespace, idBytes(record));
  }

  /** Adds an index; false when it is there already. Throws IndexKeySpecsConflict, IndexOptionsConflict, DuplicateKey. */
  createIndex(spec: IndexSpec): boolean {
    const namesake = this.indexes.find((index) => index.spec.name === spec.name);
    if (namesake) {
      if (sameSpec(namesake.spec, spec)) return false;
      throw new CommandError(
        'IndexKeySpecsConflict',
        `An existing index has the same name as the requested index but other keys or options: ${spec.name}`,
      );
    }
    const twin = this.indexes.find((index) => sameExceptName(index.spec, spec));
    if (twin)
      throw new CommandError(
        'IndexOptionsConflict',
        `Index already exists with a different name: ${twin.spec.name}`,
      );
    const index = new OrderedIndex(spec);
    index.build(this.idIndex.scan('', END), this.namespace);
    this.indexes.push(index);
    this.journal.putIndex(this.namespace, spec.name, encode(spec.source));
    return true;
  }

  /** Removes an index by name. Throws IndexNotFound, or InvalidOptions for the one on _id. */
  dropIndex(name: string): void {
    const at = this.indexes.findIndex(({ spec }) => spec.name === name);
    if (at < 0) throw new CommandError('IndexNotFound', `index not found with name [${name}]`);
    if (at === 0) throw new CommandError('InvalidOptions', 'cannot drop _id index');
    this.indexes.splice(at, 1);
    this.journal.removeIndex(this.namespace, name);
  }

  /** Fills the collection with what the journal held. */
  load(indexes: Buffer[], documents: Buffer[]): void {
    for (const spec of indexes) this.indexes.push(new OrderedIndex(parseIndexSpec(decode(spec))));
    const records = documents.map((bson) => ({ sequence: this.sequence++, bson, document: decode(bson) }));
    for (const index of this.indexes) index.build(records, this.namespace);
  }

  /** Deletes what a TTL index says has expired. */
  removeExpired(now: Date): void {
    for (const { spec } of this.indexes) {
      const { expireAfterSeconds, fields, partial } = spec;
      const [path = ''] = fields.map((each) => each.path);
      if (expireAfterSeconds === undefined) continue;
      const expired = { [path]: { $lte: new Date(now.getTime() - expireAfterSeconds * 1000) } };
      // With the condition of a partial index in the filter, the index itself serves the search.
      const filter = compileFilter({ $and: [expired, partial?.source ?? {}] }, now);
      for (const record of this.find(filter)) this.remove(record);
    }
  }

  private get idIndex(): OrderedIndex {
    return this.indexes[0] as OrderedIndex;
  }
}

function idBytes({ document }: DocumentRecord): Buffer {
  return Buffer.from(orderKey(document._id), 'latin1');
}

function noPlan(namespace: string, { source }: Filter): CommandError {
  const fields = JSON.stringify(Object.keys(source));
  return new CommandError(
    'NoQueryExecutionPlans',
    `No indexed plans available, and running with 'notablescan': ${namespace}, filter on ${fields}`,
  );
}
