import {
  isLasting,
  meaningOfRefusal,
  nextRefusal,
  refusedError,
} from '../../../src/grants/refusal-policy.js';
import { at, NOW } from '../../support/grant-fixture.js';

const DAY = 86_400_000;
const meaning = { cause: 'REFRESH_REFUSED', needsSupport: false } as const;

test('the first refusal in a row dates those that follow; the last one says what the matter is', () => {
  const first = nextRefusal(undefined, { ...meaning, zoomCode: 4735 }, at(-DAY));
  expect(first).toEqual({ ...meaning, zoomCode: 4735, since: at(-DAY), latest: at(-DAY) });
  expect(nextRefusal(first, { cause: 'SCOPES_CHANGED', needsSupport: true }, NOW)).toEqual({
    cause: 'SCOPES_CHANGED',
    needsSupport: true,
    since: at(-DAY),
    latest: NOW,
  });
});

test.each([
  [undefined, false],
  [{ since: at(-DAY), latest: NOW }, true],
  [{ since: at(-DAY + 1), latest: NOW }, false],
  [{ since: at(-9 * DAY), latest: at(-9 * DAY) }, false],
])('%j has lasted: %s', (refusal, expected) => {
  expect(isLasting(refusal)).toBe(expected);
});

test('a refusal without words is one all the same', () => {
  const refusal = meaningOfRefusal({ kind: 'error_response', status: 400, retryAfter: null });
  expect(refusal).toEqual({ ...meaning, zoomCode: undefined });
});

test('the error for callers has a number only if Zoom named one', () => {
  expect(refusedError(undefined, NOW).details).toEqual({ reason: 'REFRESH_REFUSED', retryAt: NOW });
  const refusal = { ...meaning, zoomCode: 4741, since: NOW, latest: NOW };
  expect(refusedError(refusal, NOW).details).toMatchObject({ zoomCode: 4741 });
});
