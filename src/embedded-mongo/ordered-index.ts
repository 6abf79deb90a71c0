import { displayFields } from './display.js';
import { CommandError } from './errors.js';
import { type IndexSpec } from './index-spec.js';
import { valuesAt } from './paths.js';
import { type Doc, orderKey, reverseKey } from './values.js';

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

/** An index as a sorted array of (key, record). */
export class OrderedIndex {
  /** Whether some document ever held an array in an indexed field, so that it may stand in several places. */
  multikey = false;
  private entries: Entry[] = [];

  constructor(readonly spec: IndexSpec) {}

  /** How many entries it holds. */
  get size(): number {
    return this.entries.length;
  }

  /** Fills an empty index at once. Throws CannotIndexParallelArrays, or DuplicateKey naming `namespace`. */
  build(records: Iterable<DocumentRecord>, namespace: string): void {
    for (const record of records) {
      for (const { key } of this.keysOf(record.document)) this.entries.push({ key, record });
    }
    this.entries.sort(byKeyThenSequence);
    if (!this.spec.unique) return;
    const twice = this.entries.find(({ key, record }, i) => {
      const next = this.entries[i + 1];
      return next?.key === key && next.record !== record;
    });
    if (twice) this.assertFree(twice.record.document, namespace, twice.record);
  }

  /** Throws when `document` cannot stand in this index beside the others; `self` is the record it replaces. */
  assertFree(document: Doc, namespace: string, self: DocumentRecord | undefined): void {
    const keys = this.keysOf(document);
    if (!this.spec.unique) return;
    for (const { key, values } of keys) {
      for (const record of this.scan(key, key + '\xff')) {
        if (record !== self) throw this.duplicate(values, namespace);
      }
    }
  }

  insert(record: DocumentRecord): void {
    for (const { key } of this.keysOf(record.document)) {
      const entry = { key, record };
      this.entries.splice(this.position(entry), 0, entry);
    }
  }

  remove(record: DocumentRecord): void {
    for (const { key } of this.keysOf(record.document))
      this.entries.splice(this.position({ key, record }), 1);
  }

  /** The records with start <= key < end in the order of the index, or against it. */
  *scan(start: string, end: string, backwards = false): Generator<DocumentRecord> {
    const first = this.position({ key: start, record: NOWHERE });
    const last = this.position({ key: end, record: NOWHERE });
    for (let i = 0; i < last - first; i++) {
      yield (this.entries[backwards ? last - 1 - i : first + i] as Entry).record;
    }
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

  private position(entry: Entry): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (byKeyThenSequence(this.entries[middle] as Entry, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The key of a value in a field of an index of that direction. */
export function directedKey(value: unknown, descending: boolean): string {
  return descending ? reverseKey(orderKey(value)) : orderKey(value);
}

const NOWHERE: DocumentRecord = { sequence: -1, bson: Buffer.alloc(0), document: {} };

function byKeyThenSequence(a: Entry, b: Entry): number {
  if (a.key === b.key) return a.record.sequence - b.record.sequence;
  return a.key < b.key ? -1 : 1;
}

/** The values an index holds for a field: an array by its elements, what is absent by `undefined`. */
function unwound(found: unknown[]): { values: unknown[]; isArray: boolean; isMissing: boolean } {
  const isArray = found.length !== 1 || Array.isArray(found[0]);
  const values = found.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));
  const isMissing = found.every((value) => value === undefined);
  return { values: values.length ? values : [undefined], isArray, isMissing };
}
