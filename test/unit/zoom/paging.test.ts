import fc from 'fast-check';
import { AppError } from '../../../src/lib/errors.js';
import { encodeCursor } from '../../../src/relay/cursor.js';
import { type SliceRequest } from '../../../src/relay/slice.js';
import { readSlice } from '../../../src/zoom/paging.js';

/** A list at Zoom: pages by token, each token bound to its page size. Keeps what it was asked. */
function listAt(items: readonly string[]) {
  const asked: { pageSize: number; nextPageToken?: string }[] = [];
  return {
    asked,
    fetchPage: (page: { pageSize: number; nextPageToken?: string }) => {
      asked.push(page);
      const [start = 0, size = page.pageSize] = page.nextPageToken?.split('/').map(Number) ?? [];
      if (size !== page.pageSize)
        return Promise.reject(new AppError('BAD_USER_INPUT', { message: 'Zoom does not know this token.' }));
      const end = start + page.pageSize;
      return Promise.resolve({
        items: items.slice(start, end),
        nextPageToken: end < items.length ? `${end}/${page.pageSize}` : '',
        totalRecords: items.length,
      });
    },
  };
}

const LETTERS = ['A', 'B', 'C', 'D', 'E'];
const read = (request: Partial<SliceRequest>, items: readonly string[] = LETTERS) =>
  readSlice({ first: 30, list: 'letters', ...request }, listAt(items).fetchPage);
const nodes = (slice: { edges: { node: string }[] }) => slice.edges.map(({ node }) => node).join('');

test.each([
  [1, 'A', true],
  [2, 'AB', true],
  [4, 'ABCD', true],
  [5, 'ABCDE', false],
  [6, 'ABCDE', false],
  [300, 'ABCDE', false],
])('the first %i of ABCDE are %s; more follows: %s', async (first, expected, hasNextPage) => {
  const slice = await read({ first });
  expect(nodes(slice)).toBe(expected);
  expect(slice).toMatchObject({ hasNextPage, totalCount: 5 });
});

test('an empty list is an empty slice', async () => {
  expect(await read({}, [])).toEqual({ edges: [], hasNextPage: false, totalCount: 0 });
});

test('a list of n is read from a page of n, in one call', async () => {
  const list = listAt(LETTERS);
  await readSlice({ first: 3, list: 'letters' }, list.fetchPage);
  expect(list.asked).toEqual([{ pageSize: 3 }]);
});

test('after each edge comes the rest, wherever the page ended', async () => {
  for (const first of [1, 2, 3, 4, 5]) {
    const { edges } = await read({ first });
    for (const { cursor, node } of edges) {
      const rest = await read({ first: 5, after: cursor });
      expect(nodes(rest)).toBe(LETTERS.slice(LETTERS.indexOf(node) + 1).join(''));
    }
  }
});

test('paging with any sizes shows every item once, in order', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 40 }), sizes, async (length, firsts) => {
      const items = Array.from({ length }, (_, index) => `${index}`);
      const seen: string[] = [];
      let after: string | undefined;
      for (let round = 0; round <= length; round++) {
        const slice = await read({ first: firsts[round % firsts.length] ?? 1, after }, items);
        seen.push(...slice.edges.map(({ node }) => node));
        if (!slice.hasNextPage) break;
        after = slice.edges.at(-1)?.cursor;
      }
      expect(seen).toEqual(items);
    }),
    { numRuns: 60 },
  );
});

test('a small page resumed with a large first costs at most five calls', async () => {
  const list = listAt(Array.from({ length: 40 }, (_, index) => `${index}`));
  const { edges } = await readSlice({ first: 2, list: 'letters' }, list.fetchPage);
  list.asked.length = 0;
  const slice = await readSlice({ first: 300, after: edges[1]?.cursor, list: 'letters' }, list.fetchPage);
  expect(list.asked).toHaveLength(5);
  expect(slice.edges).toHaveLength(10);
  expect(slice.hasNextPage).toBe(true);
});

test('a page that Zoom leaves empty in the middle does not end the list', async () => {
  const pages = [
    { items: ['A'], nextPageToken: 't1' },
    { items: [], nextPageToken: 't2' },
    { items: ['B'], nextPageToken: '' },
  ];
  const slice = await readSlice({ first: 2, list: 'letters' }, () =>
    Promise.resolve(pages.shift() ?? { items: [], nextPageToken: '' }),
  );
  expect(nodes(slice)).toBe('AB');
  expect(slice.hasNextPage).toBe(false);
});

test.each([0, -1, 301, 1.5, NaN])('first: %p is refused before Zoom is asked', async (first) => {
  const list = listAt(LETTERS);
  await expect(readSlice({ first, list: 'letters' }, list.fetchPage)).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { argument: 'first' },
  });
  expect(list.asked).toEqual([]);
});

test.each([
  ['a negative place', ['', -1, 30]],
  ['a broken place', ['', 0.5, 30]],
  ['a place beyond the largest page', ['', 301, 30]],
  ['a page of nothing', ['', 0, 0]],
  ['a page larger than Zoom has', ['', 0, 301]],
  ['an endless token', ['x'.repeat(1025), 0, 30]],
  ['a number for the token', [7, 0, 30]],
  ['too few parts', ['', 0]],
])('a cursor with %s is refused before Zoom is asked', async (_what, place) => {
  const list = listAt(LETTERS);
  const after = encodeCursor('letters', place);
  await expect(readSlice({ first: 1, after, list: 'letters' }, list.fetchPage)).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { argument: 'after' },
  });
  expect(list.asked).toEqual([]);
});

test('a list that ends with an empty page ends with the cursor of its last edge', async () => {
  const pages = [
    { items: ['A'], nextPageToken: 't1' },
    { items: [], nextPageToken: '' },
  ];
  const slice = await readSlice({ first: 2, list: 'letters' }, () => {
    const page = pages.shift();
    return page ? Promise.resolve(page) : Promise.reject(new Error('no further page is expected'));
  });
  expect(slice).toEqual({
    edges: [{ node: 'A', cursor: slice.endCursor }],
    hasNextPage: false,
    endCursor: expect.any(String),
  });
});

test('a slice that reads only empty pages goes on from the next page', async () => {
  let page = 0;
  const slice = await readSlice<string>({ first: 2, list: 'letters' }, () =>
    Promise.resolve({ items: [], nextPageToken: `t${++page}` }),
  );
  expect(slice).toMatchObject({ edges: [], hasNextPage: true });
  expect(slice.endCursor).toBe(encodeCursor('letters', ['t5', 0, 2]));
});

test('a page token that Zoom has forgotten is the fault of the cursor', async () => {
  const { edges } = await read({ first: 2 });
  const forgotten = () => Promise.reject(new AppError('BAD_USER_INPUT'));
  await expect(
    readSlice({ first: 2, after: edges[1]?.cursor, list: 'letters' }, forgotten),
  ).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { argument: 'after' },
  });
});

test.each<[string, { resumed: boolean }, Error]>([
  ['an outage', { resumed: false }, new AppError('ZOOM_UNAVAILABLE')],
  ['an outage in a resumed list', { resumed: true }, new AppError('ZOOM_UNAVAILABLE')],
  ['a defect in a resumed list', { resumed: true }, new TypeError('a defect')],
  ['a refusal of the first page', { resumed: false }, new AppError('BAD_USER_INPUT')],
])('%s is passed on as it is', async (_what, { resumed }, error) => {
  const after = resumed ? (await read({ first: 2 })).edges[1]?.cursor : undefined;
  const slice = readSlice({ first: 2, ...(after && { after }), list: 'letters' }, () =>
    Promise.reject(error),
  );
  await expect(slice).rejects.toBe(error);
});

test('a list resumed in the middle of a page gives no more than was asked for', async () => {
  const { edges } = await read({ first: 2 });
  expect(nodes(await read({ first: 3, after: edges[0]?.cursor }, [...LETTERS, 'F', 'G']))).toBe('BCD');
});

test('a refusal says which argument is wrong and why', async () => {
  await expect(read({ first: 301 })).rejects.toThrow('first: must be from 1 to 300');
  const { edges } = await read({ first: 2 });
  const forgotten = () => Promise.reject(new AppError('BAD_USER_INPUT'));
  const resumed = readSlice({ first: 2, after: edges[1]?.cursor ?? '', list: 'letters' }, forgotten);
  await expect(resumed).rejects.toThrow('after: has expired');
});
