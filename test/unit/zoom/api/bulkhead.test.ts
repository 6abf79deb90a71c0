import { Bulkhead } from '../../../../src/zoom/api/bulkhead.js';

/** Work that ends on request, and the order in which it began. */
function someWork() {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = (id: number) => () => {
    begun.push(id);
    return new Promise<{ id: number }>((resolve) => ends.push(() => resolve({ id })));
  };
  /** Ends the work that was begun first, and lets what follows from it happen. */
  const endNext = async () => {
    ends.shift()?.();
    await new Promise(setImmediate);
  };
  return { begun, work, endNext };
}

test('as much work as is allowed runs at once, the rest in order as places become free', async () => {
  const bulkhead = new Bulkhead({ maxConcurrent: 2, maxWaitMs: 1_000 });
  const { begun, work, endNext } = someWork();
  const results = Promise.all([1, 2, 3, 4].map((id) => bulkhead.run(work(id))));
  await new Promise(setImmediate);
  expect(begun).toEqual([1, 2]);
  await endNext();
  expect(begun).toEqual([1, 2, 3]);
  await endNext();
  expect(begun).toEqual([1, 2, 3, 4]);
  await endNext();
  await endNext();
  expect(await results).toEqual([1, 2, 3, 4].map((id) => ({ id })));
});

test('work that waits too long is never begun, and its place in the queue is not kept', async () => {
  const bulkhead = new Bulkhead({ maxConcurrent: 1, maxWaitMs: 20 });
  const { begun, work, endNext } = someWork();
  const first = bulkhead.run(work(1));
  expect(await bulkhead.run(work(2))).toBeUndefined();
  const third = bulkhead.run(work(3));
  await endNext();
  expect(begun).toEqual([1, 3]);
  await endNext();
  expect(await Promise.all([first, third])).toEqual([{ id: 1 }, { id: 3 }]);
});

test('work that fails gives its place back', async () => {
  const bulkhead = new Bulkhead({ maxConcurrent: 1, maxWaitMs: 1_000 });
  const failed = bulkhead.run(() => Promise.reject(new Error('no')));
  const next = bulkhead.run(() => Promise.resolve({ id: 2 }));
  await expect(failed).rejects.toThrow('no');
  expect(await next).toEqual({ id: 2 });
  expect(await bulkhead.run(() => Promise.resolve({ id: 3 }))).toEqual({ id: 3 });
});
