import { RecentUses } from '../../../src/lib/recent-uses.js';
import { at } from '../../support/grant-fixture.js';

test('no more keys are remembered than the limit says, and the oldest is forgotten first', () => {
  const uses = new RecentUses(60_000, 2);
  for (const key of ['a', 'b', 'c']) expect(uses.claim(key, at(0))).toBe(true);
  expect(uses.claim('c', at(1))).toBe(false);
  expect(uses.claim('a', at(2))).toBe(true);
});

test('one note is due in an interval, for each key', () => {
  const uses = new RecentUses(60_000);
  expect(uses.claim('a', at(0))).toBe(true);
  expect(uses.claim('a', at(0))).toBe(false);
  expect(uses.claim('b', at(30_000))).toBe(true);
  expect(uses.claim('a', at(59_999))).toBe(false);
  expect(uses.claim('a', at(60_000))).toBe(true);
  expect(uses.claim('b', at(60_000))).toBe(false);
  expect(uses.claim('b', at(90_000))).toBe(true);
});
