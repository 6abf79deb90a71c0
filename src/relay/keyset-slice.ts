import { type z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.js';
import { checkFirst, type ForwardPage, type Slice } from './slice.js';

/** The values that an item is sorted by. No two items have the same key. */
type Key = (string | number)[];

/** A list that the database keeps in the order of a key. */
export interface KeysetList<T, K extends Key> {
  /** The list and its parameters. A cursor of one list is refused by all others. */
  name: string;
  keySchema: z.ZodType<K>;
  keyOf: (item: T) => K;
  /** Reads at most `limit` items, those that follow the key `after`. */
  read: (limit: number, after: K | undefined) => Promise<T[]>;
}

/**
 * The slice that begins after the cursor. Items that are added or removed meanwhile move no other item to another slice.
 * @throws AppError `BAD_USER_INPUT` naming `first` or `after`
 */
export async function readKeysetSlice<T, K extends Key>(
  { first, after }: ForwardPage,
  { name, keySchema, keyOf, read }: KeysetList<T, K>,
): Promise<Slice<T>> {
  checkFirst(first);
  // One item more than requested shows whether there is a next page.
  const found = await read(first + 1, after === undefined ? undefined : decodeCursor(after, name, keySchema));
  const edges = found.slice(0, first).map((node) => ({ node, cursor: encodeCursor(name, keyOf(node)) }));
  return { edges, hasNextPage: found.length > first, endCursor: edges.at(-1)?.cursor };
}
