import { randomInt } from 'node:crypto';
import { Long } from 'bson';
import { MAX_DOCUMENT_BYTES } from '../bson/documents';
import { CommandError } from '../errors';
import { type Doc } from '../bson/values';

const IDLE_MS = 10 * 60_000;
const FIRST_BATCH = 101;

/** A document of a result with the most bytes it can take in a reply. */
export interface Result {
  document: Doc;
  bytes: number;
}

interface Cursor {
  namespace: string;
  results: Iterator<Result>;
  /** Read already, but it did not fit into the batch before. */
  next: IteratorResult<Result>;
  usedAt: number;
}

/** How a client wants its results. */
export interface Batching {
  batchSize: number | undefined;
  singleBatch?: boolean;
}

/** The open cursors of a server; those not used for ten minutes are dropped. */
export class Cursors {
  private readonly open = new Map<string, Cursor>();

  /** The reply with the first batch, and a cursor kept open if there is more. */
  first(
    namespace: string,
    all: Iterable<Result>,
    { batchSize = FIRST_BATCH, singleBatch = false }: Batching,
  ): Doc {
    const results = all[Symbol.iterator]();
    const cursor = { namespace, results, next: results.next(), usedAt: Date.now() };
    const firstBatch = takeBatch(cursor, batchSize);
    const id = cursor.next.done || singleBatch ? Long.ZERO : Long.fromNumber(randomInt(1, 2 ** 48 - 1));
    if (!id.isZero()) this.open.set(id.toString(), cursor);
    return { cursor: { firstBatch, id, ns: namespace }, ok: 1 };
  }

  /** The reply with the next batch. Throws CursorNotFound. */
  more(id: Long, batchSize: number | undefined): Doc {
    const cursor = this.open.get(id.toString());
    if (!cursor) throw new CommandError('CursorNotFound', `cursor id ${id.toString()} not found`);
    cursor.usedAt = Date.now();
    const nextBatch = takeBatch(cursor, batchSize || Infinity);
    if (cursor.next.done) this.open.delete(id.toString());
    return { cursor: { nextBatch, id: cursor.next.done ? Long.ZERO : id, ns: cursor.namespace }, ok: 1 };
  }

  /** Forgets a cursor; false when there is none. */
  kill(id: Long): boolean {
    return this.open.delete(id.toString());
  }

  /** Forgets all cursors. */
  clear(): void {
    this.open.clear();
  }

  /** Drops the cursors that nobody has used for ten minutes. */
  dropIdle(now: Date): void {
    for (const [id, { usedAt }] of this.open) if (now.getTime() - usedAt > IDLE_MS) this.open.delete(id);
  }
}

function takeBatch(cursor: Cursor, count: number): Doc[] {
  const batch: Doc[] = [];
  let room = MAX_DOCUMENT_BYTES;
  while (!cursor.next.done && batch.length < count) {
    const { document, bytes } = cursor.next.value;
    room -= bytes;
    if (room < 0 && batch.length) break;
    batch.push(document);
    cursor.next = cursor.results.next();
  }
  return batch;
}
