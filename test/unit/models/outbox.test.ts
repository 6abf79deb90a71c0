import { nextTryAt } from '../../../src/models/outbox.js';
import { at, NOW } from '../../support/grant-fixture.js';

test.each([
  [0, 5_000],
  [1, 5_000],
  [2, 10_000],
  [10, 2_560_000],
  [11, 3_600_000],
  [1_000, 3_600_000],
])('after %i failed tries the next one is due in %i ms', (attempts, ms) => {
  expect(nextTryAt(NOW, attempts)).toEqual(at(ms));
});
