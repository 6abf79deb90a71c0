import { RecentUses } from '../../../src/grants/store/recent-uses.js';
import { at } from '../../support/grant-fixture.js';

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
