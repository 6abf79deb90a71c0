import {
  keepsWork,
  mergeInto,
  type PreparedAnswer,
} from '../../../../src/dev/sandbox/http/prepared-answer.js';

describe('mergeInto', () => {
  it.each([
    ['adds a member', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    ['sets null', { a: 1, b: 2 }, { a: null }, { a: null, b: 2 }],
    ['replaces an object by a list', { a: { x: 1 } }, { a: [] }, { a: [] }],
    ['replaces an object by an empty one', { a: { x: 1 } }, { a: {} }, { a: {} }],
    [
      'merges at any depth',
      { a: { b: { c: 1, d: 2 } } },
      { a: { b: { c: '1' } } },
      { a: { b: { c: '1', d: 2 } } },
    ],
    ['makes the objects on the way', {}, { a: { b: null } }, { a: { b: null } }],
    [
      'changes one item of a list',
      { a: [{ x: 1 }, { x: 2 }] },
      { a: { 1: { x: '2' } } },
      { a: [{ x: 1 }, { x: '2' }] },
    ],
    [
      'changes all items of a list',
      { a: [{ x: 1 }, { x: 2 }] },
      { a: { '*': { y: 0 } } },
      {
        a: [
          { x: 1, y: 0 },
          { x: 2, y: 0 },
        ],
      },
    ],
    ['replaces a list by a list', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['changes nothing when it has no members', { a: 1 }, {}, { a: 1 }],
  ])('%s', (_what, value, change, expected) => {
    expect(mergeInto(value, change)).toEqual(expected);
  });
});

describe('keepsWork', () => {
  it.each<[PreparedAnswer, boolean]>([
    [{}, false],
    [{ status: 400, body: {} }, false],
    [{ status: 201, work: 'done' }, true],
    [{ merge: {} }, true],
    [{ drop: ['scope'] }, true],
  ])('of %j is %s', (answer, expected) => {
    expect(keepsWork(answer)).toBe(expected);
  });
});
