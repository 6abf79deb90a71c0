import { doublingPause, sleep, untilLanded, withPatience } from '../../../src/lib/timing.js';

test('a promise that settles in time gives its value', async () => {
  expect(await withPatience(Promise.resolve('value'), 1_000, 'late')).toBe('value');
});

test('a promise that rejects in time rejects', async () => {
  await expect(withPatience(Promise.reject(new Error('no')), 1_000, 'late')).rejects.toThrow('no');
});

test('a promise that does not settle in time is given up, and goes on', async () => {
  let ended = false;
  const slow = sleep(30).then(() => {
    ended = true;
  });
  expect(await withPatience(slow, 1, 'late')).toBe('late');
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
])('after %i failed tries the pause from 50 ms to 1 s is %i ms', (tries, ms) => {
  expect(doublingPause(50, 1_000, tries)).toBe(ms);
});

test('a write that lands at once is done once', async () => {
  const failures: number[] = [];
  expect(
    await untilLanded(
      async () => 'stored',
      (_error, tries) => failures.push(tries),
    ),
  ).toBe('stored');
  expect(failures).toEqual([]);
});

test('a write is repeated until it lands, and each failure is told', async () => {
  const failures: [unknown, number][] = [];
  let tries = 0;
  const write = async () => {
    if (++tries < 3) throw new Error(`try ${tries}`);
    return 'stored';
  };
  expect(await untilLanded(write, (error, count) => failures.push([(error as Error).message, count]))).toBe(
    'stored',
  );
  expect(failures).toEqual([
    ['try 1', 1],
    ['try 2', 2],
  ]);
});

test('a write with patience is given up with the error of its last try', async () => {
  let tries = 0;
  const write = async () => {
    throw new Error(`try ${++tries}`);
  };
  await expect(untilLanded(write, () => undefined, 120)).rejects.toThrow(`try 3`);
  expect(tries).toBe(3);
});
