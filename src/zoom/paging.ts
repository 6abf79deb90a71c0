import { AppError, badUserInput } from '../lib/errors.js';
import { decodeCursor, encodeCursor, type PageCursor } from './page-cursor.js';

/** One page as Zoom sends it. An empty token is the end. */
export interface ZoomPage<T> {
  items: T[];
  nextPageToken: string;
  totalRecords?: number;
}

/** A part of a list, in the shape of Relay's connections. */
export interface Slice<T> {
  edges: { cursor: string; node: T }[];
  hasNextPage: boolean;
  /** Where the next part begins, also after pages that held nothing; undefined when nothing was found at all. */
  endCursor?: string;
  totalCount?: number;
}

/** Which part of a list is wanted. */
export interface SliceRequest {
  /** At most this many, 1 to {@link MAX_FIRST}. */
  first: number;
  after?: string;
  /** Names the list and its parameters: cursors of one list are refused by the others. */
  list: string;
}

/** Pages that one request may cost. A client that resumes tiny pages with a large `first` gets fewer items. */
const MAX_PAGES = 5;
/** The longest part of a list that can be asked for. */
export const MAX_FIRST = 300;

/**
 * The slice that begins after the cursor, from as few pages as it takes.
 * @throws AppError `BAD_USER_INPUT` naming `first` or `after`
 */
export async function readSlice<T>(
  { first, after, list }: SliceRequest,
  fetchPage: (page: { pageSize: number; nextPageToken?: string }) => Promise<ZoomPage<T>>,
): Promise<Slice<T>> {
  checkFirst(first);
  const start =
    after === undefined ? { token: '', skip: 0, pageSize: first, list } : decodeCursor(after, list);
  const slice: Slice<T> = { edges: [], hasNextPage: true };
  let { token, skip } = start;
  for (let pages = 0; pages < MAX_PAGES && slice.hasNextPage && slice.edges.length < first; pages++) {
    const page = await fetchPage({ pageSize: start.pageSize, ...(token && { nextPageToken: token }) }).catch(
      blameCursor(after),
    );
    const edges = edgesOf(page, { ...start, token });
    slice.edges.push(...edges.slice(skip, skip + first - slice.edges.length));
    slice.totalCount ??= page.totalRecords;
    const last = edges.at(-1);
    const pageDone = !last || skip >= edges.length || slice.edges.at(-1) === last;
    slice.hasNextPage = !pageDone || page.nextPageToken !== '';
    [token, skip] = [page.nextPageToken, 0];
    // Pages that hold nothing have no edge to go on from.
    slice.endCursor =
      pageDone && token ? encodeCursor({ ...start, token, skip }) : slice.edges.at(-1)?.cursor;
  }
  return slice;
}

/** @throws AppError `BAD_USER_INPUT` naming `first` */
export function checkFirst(first: number): void {
  if (!Number.isInteger(first) || first < 1 || first > MAX_FIRST)
    throw badUserInput('first', `must be from 1 to ${MAX_FIRST}`);
}

function edgesOf<T>({ items, nextPageToken }: ZoomPage<T>, page: PageCursor): Slice<T>['edges'] {
  return items.map((node, index) => {
    const last = index === items.length - 1;
    const place = last && nextPageToken ? { token: nextPageToken, skip: 0 } : { skip: index + 1 };
    return { node, cursor: encodeCursor({ ...page, ...place }) };
  });
}

/** Zoom forgets page tokens after 15 minutes: what it refuses about a resumed list is the cursor. */
function blameCursor(after: string | undefined): (error: unknown) => never {
  return (error) => {
    if (after !== undefined && error instanceof AppError && error.code === 'BAD_USER_INPUT')
      throw badUserInput(
        'after',
        'has expired (Zoom keeps a page for 15 minutes); begin again without it',
        error,
      );
    throw error;
  };
}
