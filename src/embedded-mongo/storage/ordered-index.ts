import { displayFields } from '../bson/display';
import { CommandError } from '../errors';
import { type IndexSpec } from './index-spec';
import { valuesAt } from '../bson/paths';
import { SortedList } from './sorted-list';
import { type Doc, orderKey, reverseKey } from '../bson/values';

/** A stored document. Its BSON is what the disk holds; `sequence` is the order of insertion. */
export interface DocumentRecord {
  readonly sequence: number;
  bson: Buffer;
  document: Doc;
}

interface Entry {
  key: string;
  record: DocumentRecord;
}

/** One key of a document in an index, with the values it was made of. */
interface IndexKey {
  key: string;
  values: unknown[];
}

/** An index: its keys in order, each with its record. */
export class OrderedIndex {
  /** Whether some document ever held an array in an indexed field, so that it may stand in several places. */
  multikey = false;
  private readonly entries = new SortedList(byKeyThenSequence);

  constructor(readonly spec: IndexSpec) {}

  /** How many entries it holds. */
  get size(): number {
    return this.entries.size;
  }

  /** Fills an empty index at once. Throws CannotIndexParallelArrays, or DuplicateKey naming `namespace`. */
  build(records: Iterable<DocumentRecord>, namespace: string): void {
    const entries = [...records].flatMap((record) => this.entriesOf(record));
    this.entries.fill(entries);
    const twice = entries.find(({ key, record }, i) => {
      const next = entries[i + 1];
      return next?.key === key && next.record !== record;
    });
    if (twice) this.assertFree(twice.record.document, namespace, twice.record);
  }

  /** Throws when `document` cannot stand in this index beside the others; `self` is the record it replaces. */
  assertFree(document: Doc, namespace: string, self: DocumentRecord | undefined): void {
    const keys = this.keysOf(document);
    if (!this.spec.unique) return;
    for (const { key, values } of keys) {
      for (const record of this.scan(key, key + END))
        if (record !== self) throw this.duplicate(values, namespace);
    }
  }

  insert(record: DocumentRecord): void {
    for (const entry of this.entriesOf(record)) this.entries.add(entry);
  }

  remove(record: DocumentRecord): void {
    for (const entry of this.entriesOf(record)) this.entries.remove(entry);
  }

  /** Gives a record its new document. */
  replace(record: DocumentRecord, next: Doc): void {
    const before = this.entriesOf(record);
    const after = this.keysOf(next).map(({ key }) => ({ key, record }));
    if (before.length === after.length && before.every(({ key }, i) => key === after[i]?.key)) return;
    for (const entry of before) this.entries.remove(entry);
    for (const entry of after) this.entries.add(entry);
  }

  /** The records with start <= key < end in the order of the index, or against it. */
  *scan(start: string, end: string, backwards = false): Generator<DocumentRecord> {
    const limits = [start, end].map((key) => ({ key, record: NOWHERE })) as [Entry, Entry];
    for (const { record } of this.entries.between(...limits, backwards)) yield record;
  }

  private entriesOf(record: DocumentRecord): Entry[] {
    return this.keysOf(record.document).map(({ key }) => ({ key, record }));
  }

  private keysOf(document: Doc): IndexKey[] {
    const { fields, sparse, partial } = this.spec;
    if (partial && !partial.matches(document)) return [];
    const columns = fields.map(({ parts }) => unwound(valuesAt(document, parts)));
    const arrays = fields.filter((_, i) => columns[i]?.isArray);
    if (arrays.length > 1) {
      const names = arrays.map(({ path }) => `[${path}]`).join(' ');
      throw new CommandError('CannotIndexParallelArrays', `cannot index parallel arrays ${names}`);
    }
    if (arrays.length) this.multikey = true;
    if (sparse && columns.every(({ isMissing }) => isMissing)) return [];
    return this.combine(columns.map(({ values }) => values));
  }

  private combine(columns: unknown[][]): IndexKey[] {
    let keys: IndexKey[] = [{ key: '', values: [] }];
    columns.forEach((values, i) => {
      const descending = this.spec.fields[i]?.descending ?? false;
      keys = keys.flatMap((prefix) =>
        values.map((value) => ({
          key: prefix.key + directedKey(value ?? null, descending),
          values: [...prefix.values, value ?? null],
        })),
      );
    });
    return keys.length < 2 ? keys : [...new Map(keys.map((key) => [key.key, key])).values()];
  }

  private duplicate(values: unknown[], namespace: string): CommandError {
    const { name, source } = this.spec;
    const keyValue = this.spec.fields.map(({ path }, i): [string, unknown] => [path, values[i]]);
    return new CommandError(
      'DuplicateKey',
      `E11000 duplicate key error collection: ${namespace} index: ${name} dup key: ${displayFields(keyValue)}`,
      { keyPattern: source.key, keyValue: Object.fromEntries(keyValue) },
    );
  }
}

/** The key of a value in a field of an index of that direction. */
export function directedKey(value: unknown, descending: boolean): string {
  return descending ? reverseKey(orderKey(value)) : orderKey(value);
}

/** Sorts after every key of an index and after all that begin with a key it is added to. */
export const END = '\xff';

const NOWHERE: DocumentRecord = { sequence: -1, bson: Buffer.alloc(0), document: {} };

function byKeyThenSequence(a: Entry, b: Entry): number {
  if (a.key < b.key) return -1;
  return a.key > b.key ? 1 : a.record.sequence - b.record.sequence;
}

/** The values an index holds for a field: an array by its elements, what is absent by `undefined`. */
function unwound(found: unknown[]): { values: unknown[]; isArray: boolean; isMissing: boolean } {
  const isArray = found.length !== 1 || Array.isArray(found[0]);
  const values = found.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));
  const isMissing = found.every((value) => value === undefined);
  return { values: values.length ? values : [undefined], isArray, isMissing };
}
