import { z } from 'zod';
import { AppError, badUserInput } from '../lib/errors.js';
import { decodeCursor, encodeCursor } from '../relay/cursor.js';
import { checkFirst, MAX_FIRST, type Slice, type SliceRequest } from '../relay/slice.js';

/** One page as Zoom sends it. */
export interface ZoomPage<T, Token = string> {
  items: T[];
  /** What the next page is asked for with. Empty on the last page. */
  nextPageToken: Token | '';
  totalRecords?: number | undefined;
}

/** Reads one page; the first one without a token. */
export type FetchPage<T, Token> = (page: {
  pageSize: number;
  nextPageToken?: Token;
}) => Promise<ZoomPage<T, Token>>;

/**
 * A place in a list at Zoom: after `skip` items of the page that `token` leads to. Zoom accepts a page token only with
 * the page size that it was issued for, so the place keeps that too.
 */
interface Place<Token> {
  token: Token | '';
  skip: number;
  pageSize: number;
}

/** A page token as Zoom issues it. */
const zoomTokenSchema = z.string().max(1024);

/** The most pages that one request reads. A client that resumes small pages with a large `first` gets fewer items. */
const MAX_PAGES = 5;

/**
 * The slice that begins after the cursor. Reads as few pages as possible.
 * @throws AppError `BAD_USER_INPUT` naming `first` or `after`
 */
export function readSlice<T>(request: SliceRequest, fetchPage: FetchPage<T, string>): Promise<Slice<T>> {
  return readTokenSlice(request, fetchPage, zoomTokenSchema);
}

/** Like {@link readSlice}, for a list whose page tokens are of another type. They must survive JSON. */
export async function readTokenSlice<T, Token>(
  { first, after, list }: SliceRequest,
  fetchPage: FetchPage<T, Token>,
  tokenSchema: z.ZodType<Token>,
): Promise<Slice<T>> {
  checkFirst(first);
  const cursorOf = ({ token, skip, pageSize }: Place<Token>) => encodeCursor(list, [token, skip, pageSize]);
  const edges: Slice<T>['edges'] = [];
  let place: Place<Token> =
    after === undefined ? { token: '', skip: 0, pageSize: first } : readPlace(after, list, tokenSchema);
  let hasNextPage = true;
  let totalCount: number | undefined;
  for (let pages = 0; pages < MAX_PAGES && hasNextPage && edges.length < first; pages++) {
    const { token, skip, pageSize } = place;
    const page = await fetchPage({ pageSize, ...(token !== '' && { nextPageToken: token }) }).catch(
      blameCursor(after),
    );
    const taken = page.items.slice(skip, skip + first - edges.length);
    for (const [index, node] of taken.entries())
      edges.push({ node, cursor: cursorOf(placeAfter(page, place, skip + index + 1)) });
    const end = skip + taken.length;
    hasNextPage = end < page.items.length || page.nextPageToken !== '';
    place = placeAfter(page, place, end);
    totalCount ??= page.totalRecords;
  }
  // The end of the list may be an empty page: then the last edge is where the slice ends.
  return { edges, hasNextPage, endCursor: hasNextPage ? cursorOf(place) : edges.at(-1)?.cursor, totalCount };
}

function readPlace<Token>(cursor: string, list: string, tokenSchema: z.ZodType<Token>): Place<Token> {
  const placeSchema = z.tuple([
    z.union([z.literal(''), tokenSchema]),
    z.number().int().min(0).max(MAX_FIRST),
    z.number().int().min(1).max(MAX_FIRST),
  ]);
  const [token, skip, pageSize] = decodeCursor(cursor, list, placeSchema);
  return { token, skip, pageSize };
}

/** The place after so many items of a page, which is itself at `place`. */
function placeAfter<T, Token>(
  { items, nextPageToken }: ZoomPage<T, Token>,
  place: Place<Token>,
  count: number,
): Place<Token> {
  if (count < items.length || nextPageToken === '') return { ...place, skip: count };
  return { ...place, token: nextPageToken, skip: 0 };
}

/** Zoom forgets page tokens after 15 minutes. When it refuses to go on with a list, the cursor is too old. */
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
