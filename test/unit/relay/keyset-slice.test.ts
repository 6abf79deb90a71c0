import fc from 'fast-check';
import { z } from 'zod';
import { encodeCursor } from '../../../src/relay/cursor.js';
import { type KeysetList, readKeysetSlice } from '../../../src/relay/keyset-slice.js';
import { MAX_FIRST } from '../../../src/relay/slice.js';

/** Numbers in ascending order, as a database would keep them. */
function listOf(numbers: readonly number[]): KeysetList<number, [number]> {
  return {
    name: 'numbers',
    keySchema: z.tuple([z.number()]),
    keyOf: (number) => [number],
    read: (limit, after) =>
      Promise.resolve(numbers.filter((number) => !after || number > after[0]).slice(0, limit)),
  };
}

test.each([
  [1, [10], true],
  [2, [10, 20], true],
  [3, [10, 20, 30], false],
  [MAX_FIRST, [10, 20, 30], false],
])('the first %i of three are %j; more follows: %s', async (first, expected, hasNextPage) => {
  const slice = await readKeysetSlice({ first }, listOf([10, 20, 30]));
  expect(slice.edges.map(({ node }) => node)).toEqual(expected);
  expect(slice).toMatchObject({ hasNextPage, endCursor: slice.edges.at(-1)?.cursor });
});

test('an empty list is an empty slice', async () => {
  expect(await readKeysetSlice({ first: 5 }, listOf([]))).toEqual({ edges: [], hasNextPage: false });
});

test('slices of any sizes put together are the whole list', async () => {
  const numbers = fc.uniqueArray(fc.integer(), { maxLength: 30 }).map((list) => list.sort((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(numbers, fc.integer({ min: 1, max: 7 }), async (list, first) => {
      const seen: number[] = [];
      let after: string | undefined;
      for (let round = 0; round <= list.length; round++) {
        const slice = await readKeysetSlice({ first, after }, listOf(list));
        seen.push(...slice.edges.map(({ node }) => node));
        if (!slice.hasNextPage) break;
        after = slice.endCursor;
      }
      expect(seen).toEqual(list);
    }),
  );
});

test('an item that is removed meanwhile moves no other item to another slice', async () => {
  const { endCursor } = await readKeysetSlice({ first: 2 }, listOf([10, 20, 30, 40]));
  const rest = await readKeysetSlice({ first: 2, after: endCursor }, listOf([20, 30, 40]));
  expect(rest.edges.map(({ node }) => node)).toEqual([30, 40]);
});

test.each([
  ['first', { first: 0 }],
  ['first', { first: MAX_FIRST + 1 }],
  ['after', { first: 1, after: 'nonsense' }],
  ['after', { first: 1, after: encodeCursor('letters', [10]) }],
  ['after', { first: 1, after: encodeCursor('numbers', ['ten']) }],
])('a wrong %s is BAD_USER_INPUT and nothing is read: %j', async (argument, page) => {
  const read = () => Promise.reject(new Error('nothing is to be read'));
  await expect(readKeysetSlice(page, { ...listOf([]), read })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { argument },
  });
});
