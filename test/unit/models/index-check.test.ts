import { type IndexSpec, missingIndexes } from '../../../src/models/index-check.js';

const UNIQUE: IndexSpec = [{ userId: 1, at: -1 }, { unique: true }];

test.each<[string, IndexSpec[], boolean]>([
  ['itself, under any name', [[{ userId: 1, at: -1 }, { unique: true, name: 'x', v: 2 } as object]], true],
  ['no index', [], false],
  ['one without the guarantee', [[{ userId: 1, at: -1 }, {}]], false],
  ['one with the fields in another order', [[{ at: -1, userId: 1 }, { unique: true }]], false],
  ['one with another direction', [[{ userId: 1, at: 1 }, { unique: true }]], false],
  [
    'one of some documents',
    [
      [
        { userId: 1, at: -1 },
        { unique: true, partialFilterExpression: { a: 1 } },
      ],
    ],
    false,
  ],
  [
    'one that expires',
    [
      [
        { userId: 1, at: -1 },
        { unique: true, expireAfterSeconds: 0 },
      ],
    ],
    false,
  ],
])('%s replaces a unique index: %p', (_what, existing, expected) => {
  expect(missingIndexes([UNIQUE], existing)).toEqual(expected ? [] : [UNIQUE]);
});
