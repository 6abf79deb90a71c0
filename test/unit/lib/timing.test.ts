import { setTimeout as sleep } from 'node:timers/promises';
import { exponentialBackoff, retryUntilStored, withTimeout } from '../../../src/lib/timing.js';

test('a promise that settles before the timeout gives its value', async () => {
  expect(await withTimeout(Promise.resolve('value'), 1_000, 'late')).toBe('value');
});

test('a promise that rejects before the timeout rejects', async () => {
  await expect(withTimeout(Promise.reject(new Error('no')), 1_000, 'late')).rejects.toThrow('no');
});

test('after the timeout the promise is not awaited any more, but it continues', async () => {
  let ended = false;
  const slow = sleep(30).then(() => {
    ended = true;
  });
  expect(await withTimeout(slow, 1, 'late')).toBe('late');
  await slow;
  expect(ended).toBe(true);
});

test.each([
  [0, 50],
  [1, 50],
  [2, 100],
  [5, 800],
  [6, 1_000],
  [5_000, 1_000],
])('after %i failures the backoff from 50 ms to 1 s is %i ms', (tries, ms) => {
  expect(exponentialBackoff(50, 1_000, tries)).toBe(ms);
});

test('a write that succeeds at once is done once', async () => {
  const failures: number[] = [];
  expect(
    await retryUntilStored(
      () => Promise.resolve('stored'),
      (_error, count) => failures.push(count),
    ),
  ).toBe('stored');
  expect(failures).toEqual([]);
});

test('a write is retried until it is stored, and each failure is reported', async () => {
  const failures: [unknown, number][] = [];
  let tries = 0;
  const write = () => (++tries < 3 ? Promise.reject(new Error(`try ${tries}`)) : Promise.resolve('stored'));
  expect(
    await retryUntilStored(write, (error, count) => failures.push([(error as Error).message, count])),
  ).toBe('stored');
  expect(failures).toEqual([
    ['try 1', 1],
    ['try 2', 2],
  ]);
});

test('a write with a timeout is given up with the error of its last try', async () => {
  let tries = 0;
  const write = () => Promise.reject(new Error(`try ${++tries}`));
  await expect(retryUntilStored(write, () => undefined, 120)).rejects.toThrow(`try 3`);
  expect(tries).toBe(3);
});
