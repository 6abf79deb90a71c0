import { firstDueAt, nextTryAt } from '../../../src/models/outbox.js';
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

test.each([0, 1, 2, 5, 11, 40])(
  'an entry that failed %i times was due for the first time when it was',
  (tries) => {
    let dueAt = NOW;
    for (let attempts = 1; attempts <= tries; attempts++) dueAt = nextTryAt(dueAt, attempts);
    expect(firstDueAt({ dueAt, attempts: tries })).toEqual(NOW);
    // The try under way is counted, and has put nothing off.
    expect(firstDueAt({ dueAt, attempts: tries + 1, claim: 'worker' })).toEqual(NOW);
  },
);

test('an entry that is not due was never due', () => {
  expect(firstDueAt({ attempts: 3 })).toBeUndefined();
});
