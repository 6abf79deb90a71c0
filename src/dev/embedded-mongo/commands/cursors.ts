import { randomInt } from 'node:crypto';
import { calculateObjectSize, Long } from 'bson';
import { CommandError } from '../errors.js';
import { type Doc, MAX_DOCUMENT_BYTES } from '../query/values.js';

const IDLE_MS = 10 * 60_000;
const FIRST_BATCH = 101;

interface Cursor {
  namespace: string;
  documents: Doc[];
  /** How many have been sent. */
  sent: number;
  usedAt: number;
}

/** The open cursors of a server. */
export class Cursors {
  readonly #open = new Map<string, Cursor>();

  /** The reply with the first batch, and a cursor kept open if there is more. */
  first(namespace: string, documents: Doc[], batchSize = FIRST_BATCH, singleBatch = false): Doc {
    const cursor = { namespace, documents, sent: 0, usedAt: Date.now() };
    const firstBatch = takeBatch(cursor, batchSize);
    const isDone = singleBatch || cursor.sent === documents.length;
    const id = isDone ? Long.ZERO : Long.fromNumber(randomInt(1, 2 ** 48 - 1));
    if (!isDone) this.#open.set(id.toString(), cursor);
    return { cursor: { firstBatch, id, ns: namespace }, ok: 1 };
  }

  /** The reply with the next batch. Throws CursorNotFound. */
  more(id: unknown, batchSize = 0): Doc {
    const cursor = this.#open.get(String(id));
    if (!cursor) throw new CommandError('CursorNotFound', `cursor id ${String(id)} not found`);
    cursor.usedAt = Date.now();
    const nextBatch = takeBatch(cursor, batchSize === 0 ? Infinity : batchSize);
    const isDone = cursor.sent === cursor.documents.length;
    if (isDone) this.#open.delete(String(id));
    return { cursor: { nextBatch, id: isDone ? Long.ZERO : id, ns: cursor.namespace }, ok: 1 };
  }

  /** Drops cursors; all of them by default. */
  kill(ids: unknown[] = [...this.#open.keys()]): Doc {
    const cursorsKilled = ids.filter((id) => this.#open.delete(String(id)));
    const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id));
    return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 };
  }

  /** Drops the cursors that have not been used for ten minutes. */
  dropIdle(now: Date): void {
    for (const [id, { usedAt }] of this.#open) if (now.getTime() - usedAt > IDLE_MS) this.#open.delete(id);
  }
}

/** Takes the next documents: at least one, and no more than fit into the size of the largest document. */
function takeBatch(cursor: Cursor, count: number): Doc[] {
  const from = cursor.sent;
  let room = MAX_DOCUMENT_BYTES;
  for (; cursor.sent < cursor.documents.length && cursor.sent - from < count; cursor.sent++) {
    room -= calculateObjectSize(cursor.documents[cursor.sent] ?? {});
    if (room < 0 && cursor.sent > from) break;
  }
  return cursor.documents.slice(from, cursor.sent);
}
