import fc from 'fast-check';
import { SortedList } from '../../../src/embedded-mongo/storage/sorted-list';

const byNumber = (a: number, b: number): number => a - b;

test('a sorted list reads any range as a sorted array does, whatever was added and removed', () => {
  const changes = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 3000 })), { maxLength: 3000 });
  const limit = fc.integer({ min: -1, max: 3001 });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 3000 })),
      changes,
      limit,
      limit,
      (first, more, from, to) => {
        const list = new SortedList(byNumber);
        const model = new Set(first);
        list.fill([...first]);
        for (const [add, n] of more) {
          if (!add) list.remove(n);
          else if (!model.has(n)) list.add(n);
          if (add) model.add(n);
          else model.delete(n);
        }
        const expected = [...model].filter((n) => n >= from && n < to).sort(byNumber);
        expect(list.size).toBe(model.size);
        expect([...list.between(from, to, false)]).toEqual(expected);
        expect([...list.between(from, to, true)]).toEqual(expected.reverse());
      },
    ),
    { numRuns: 60 },
  );
});

test('thousands of items stay in order', () => {
  const list = new SortedList(byNumber);
  for (let i = 0; i < 5000; i++) list.add((i * 7919) % 5000);
  expect([...list.between(0, 5000, false)]).toEqual(Array.from({ length: 5000 }, (_, i) => i));
  for (let i = 0; i < 5000; i += 2) list.remove(i);
  expect([...list.between(10, 16, true)]).toEqual([15, 13, 11]);
});
