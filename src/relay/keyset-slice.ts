import { z } from 'zod';
import { badUserInput } from '../lib/errors.js';
import { checkFirst, type Slice, type SliceRequest } from '../zoom/paging.js';

/** The values that give an item its place: unique, in the order of the list. */
type Key = (string | number)[];

/** A list that the database keeps in the order of a key. */
export interface KeysetList<T, K extends Key> {
  keySchema: z.ZodType<K>;
  keyOf: (item: T) => K;
  /** At most `limit` items after that key. */
  read: (limit: number, after: K | undefined) => Promise<T[]>;
}

/**
 * The slice that begins after the cursor. What is added or removed meanwhile moves no other item to another slice.
 * @throws AppError `BAD_USER_INPUT` naming `first` or `after`
 */
export async function readKeysetSlice<T, K extends Key>(
  { first, after, list }: SliceRequest,
  { keySchema, keyOf, read }: KeysetList<T, K>,
): Promise<Slice<T>> {
  checkFirst(first);
  const found = await read(first + 1, after === undefined ? undefined : decodeKey(after, list, keySchema));
  const edges = found.slice(0, first).map((node) => ({ node, cursor: encodeKey(list, keyOf(node)) }));
  return { edges, hasNextPage: found.length > first, endCursor: edges.at(-1)?.cursor };
}

function encodeKey(list: string, key: Key): string {
  return Buffer.from(JSON.stringify([list, key])).toString('base64url');
}

function decodeKey<K extends Key>(cursor: string, list: string, keySchema: z.ZodType<K>): K {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return z.tuple([z.literal(list), keySchema]).parse(parsed)[1];
  } catch (cause) {
    throw badUserInput('after', 'is not a cursor of this list; keep the other arguments as they were', cause);
  }
}
