import { CommandError } from '../errors.js';
import { type IndexSpec } from './index-spec.js';
import { directedKey, type Doc, typeOf, valueAt } from '../query/values.js';

/** A stored document. `bson` is what the disk holds; `sequence` is the order of insertion. */
export interface DocumentRecord {
  readonly sequence: number;
  bson: Buffer;
  document: Doc;
}

interface Entry {
  key: string;
  record: DocumentRecord;
}

/** Sorts after every key; added to a key, it sorts after every key that begins with it. */
export const END = '\xff';

/** An index: keys in order, each with its record. An indexed field must not hold an array. */
export class OrderedIndex {
  readonly #entries: Entry[] = [];

  constructor(readonly spec: IndexSpec) {}

  get size(): number {
    return this.#entries.length;
  }

  /** Fills an empty index. Throws DuplicateKey naming `namespace`. */
  build(records: Iterable<DocumentRecord>, namespace: string): void {
    for (const record of records) {
      const key = this.#keyOf(record.document);
      if (key !== undefined) this.#entries.push({ key, record });
    }
    this.#entries.sort((a, b) =>
      a.key === b.key ? a.record.sequence - b.record.sequence : a.key < b.key ? -1 : 1,
    );
    for (const { record } of this.#entries) this.assertFree(record.document, namespace, record);
  }

  /** Throws DuplicateKey when another record than `self`, which `document` replaces, has the same unique key. */
  assertFree(document: Doc, namespace: string, self?: DocumentRecord): void {
    const key = this.#keyOf(document);
    if (key === undefined || !this.spec.unique) return;
    const entry = this.#entries[this.#position(key)];
    if (entry?.key === key && entry.record !== self) throw this.#duplicate(document, namespace);
  }

  insert(record: DocumentRecord): void {
    const key = this.#keyOf(record.document);
    if (key !== undefined) this.#entries.splice(this.#position(key, record.sequence), 0, { key, record });
  }

  remove({ document, sequence }: DocumentRecord): void {
    const key = this.#keyOf(document);
    if (key !== undefined) this.#entries.splice(this.#position(key, sequence), 1);
  }

  /**
   * The records with start <= key < end, in the order of the index or in the reverse order. The index must not change
   * while they are read.
   */
  *scan(start: string, end: string, backwards = false): Generator<DocumentRecord> {
    const first = this.#position(start);
    const count = this.#position(end) - first;
    for (let i = 0; i < count; i++) {
      const entry = this.#entries[first + (backwards ? count - 1 - i : i)];
      if (entry) yield entry.record;
    }
  }

  /** How many entries come before a key; among equal keys, before a sequence. */
  #position(key: string, sequence = -1): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.#entries[middle], key, sequence)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The key of a document; `undefined` when a partial index leaves it out. */
  #keyOf(document: Doc): string | undefined {
    const { fields, partial } = this.spec;
    if (partial && !partial.matches(document)) return undefined;
    return fields
      .map(({ path, descending }) => directedKey(valueAt(document, path) ?? null, descending))
      .join('');
  }

  #duplicate(document: Doc, namespace: string): CommandError {
    const { name, source, fields } = this.spec;
    const { key: keyPattern } = source;
    const values = fields.map(({ path }) => [path, valueAt(document, path) ?? null] as const);
    const shown = values.map(([path, value]) => `${path}: ${display(value)}`).join(', ');
    return new CommandError(
      'DuplicateKey',
      `E11000 duplicate key error collection: ${namespace} index: ${name} dup key: { ${shown} }`,
      { keyPattern, keyValue: Object.fromEntries(values) },
    );
  }
}

function isBefore(entry: Entry | undefined, key: string, sequence: number): boolean {
  if (!entry || entry.key > key) return false;
  return entry.key < key || entry.record.sequence < sequence;
}

/** A value as MongoDB's messages print it. */
function display(value: unknown): string {
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (typeOf(value) === 'ObjectId') return `ObjectId('${String(value)}')`;
  return typeof value === 'string' ? `"${value}"` : String(value);
}
