import { type ApiFailure } from '../../../../src/zoom/api/api-failure.js';
import { RETRY_BUDGET_MS, retryDelay } from '../../../../src/zoom/api/api-retry-policy.js';
import { at, NOW } from '../../../support/grant-fixture.js';

const first = { method: 'GET', tries: 1, elapsedMs: 0, jitter: 0, now: NOW };
const down: ApiFailure = { kind: 'unavailable' };

test.each<[ApiFailure]>([
  [{ kind: 'token_rejected', certain: true, otherwise: { kind: 'refused' } }],
  [{ kind: 'scope_missing', scopes: [] }],
  [{ kind: 'not_found' }],
  [{ kind: 'plan_required' }],
  [{ kind: 'invalid_request', fields: [] }],
  [{ kind: 'not_allowed' }],
  [{ kind: 'conflict' }],
  [{ kind: 'refused' }],
])('$kind does not pass by itself', (failure) => {
  expect(retryDelay(failure, first)).toBeUndefined();
});

test.each([
  [1, 200],
  [2, 400],
  [3, 800],
  [4, undefined],
])('after try %i the pause is %p ms', (tries, expected) => {
  expect(retryDelay(down, { ...first, tries })).toBe(expected);
});

test('jitter takes up to half of the pause', () => {
  expect(retryDelay(down, { ...first, jitter: 1 })).toBe(100);
});

test.each([
  [9, 200],
  [10, undefined],
])('after try %i of a call refused for its rate the pause is %p ms', (tries, expected) => {
  expect(retryDelay({ kind: 'rate_limited', per: 'account', retryAt: NOW }, { ...first, tries })).toBe(
    expected,
  );
});

test('calls that wait for the same instant come back spread over half a second', () => {
  const limited: ApiFailure = { kind: 'rate_limited', per: 'account', retryAt: at(1_000) };
  expect(retryDelay(limited, { ...first, jitter: 0.5 })).toBe(1_250);
  expect(retryDelay(limited, { ...first, jitter: 1 })).toBe(1_500);
});

test('an instant that Zoom named is waited for', () => {
  expect(retryDelay({ kind: 'rate_limited', per: 'account', retryAt: at(1_000) }, first)).toBe(1_000);
  expect(retryDelay({ kind: 'unavailable', retryAt: at(-1_000) }, first)).toBe(200);
});

test('nothing is repeated that does not fit into the budget', () => {
  expect(retryDelay({ kind: 'rate_limited', per: 'account', retryAt: at(RETRY_BUDGET_MS) }, first)).toBe(
    RETRY_BUDGET_MS,
  );
  expect(
    retryDelay({ kind: 'rate_limited', per: 'account', retryAt: at(RETRY_BUDGET_MS + 1) }, first),
  ).toBeUndefined();
  expect(retryDelay(down, { ...first, elapsedMs: RETRY_BUDGET_MS - 199 })).toBeUndefined();
});

test.each<[string, ApiFailure, number | undefined]>([
  ['lost', { kind: 'unavailable' }, undefined],
  ['never sent', { kind: 'unavailable', neverSent: true }, 200],
  ['refused for its rate', { kind: 'rate_limited', per: 'user', retryAt: at(0) }, 200],
])('a call that changes something and was %s is repeated after %p ms', (_what, failure, delay) => {
  expect(retryDelay(failure, { ...first, method: 'POST' })).toBe(delay);
});
