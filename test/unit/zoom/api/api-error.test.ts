import { type AppError } from '../../../../src/lib/errors.js';
import { type ApiFailure } from '../../../../src/zoom/api/api-failure.js';
import { toAppError } from '../../../../src/zoom/api/api-error.js';
import { at } from '../../../support/grant-fixture.js';

const untracked = { method: 'GET', zoomTrackingId: undefined };

test.each<[ApiFailure, string, object]>([
  [{ kind: 'token_rejected' }, 'ZOOM_UNAVAILABLE', {}],
  [
    { kind: 'scope_missing', scopes: ['user:read:user'] },
    'ZOOM_SCOPE_MISSING',
    { missingScopes: ['user:read:user'] },
  ],
  [{ kind: 'not_found' }, 'ZOOM_NOT_FOUND', {}],
  [{ kind: 'plan_required' }, 'ZOOM_PLAN_REQUIRED', {}],
  [{ kind: 'invalid_request', message: 'x' }, 'BAD_USER_INPUT', {}],
  [{ kind: 'rate_limited', retryAt: at(5), per: 'account' }, 'ZOOM_RATE_LIMITED', { retryAt: at(5) }],
  [{ kind: 'unavailable', retryAt: at(5) }, 'ZOOM_UNAVAILABLE', { retryAt: at(5) }],
])('$kind leaves as a code, with the tracking id for a support ticket', (failure, code, details) => {
  const error = toAppError(failure, { method: 'GET', zoomTrackingId: 'WEB_tracking' }) as AppError;
  expect(error.code).toBe(code);
  expect(error.details).toMatchObject({ ...details, zoomTrackingId: 'WEB_tracking' });
});

test.each([
  ['GET', { kind: 'unavailable' }, undefined],
  ['POST', { kind: 'unavailable' }, true],
  ['POST', { kind: 'unavailable', neverSent: true }, undefined],
] as const)('%s that ended %j says that its outcome is unknown: %p', (method, failure, outcomeUnknown) => {
  const error = toAppError(failure, { method, zoomTrackingId: undefined }) as AppError;
  expect(error.details.outcomeUnknown).toBe(outcomeUnknown);
});

test("Zoom's own message, which may name people, never leaves", () => {
  const failure: ApiFailure = { kind: 'invalid_request', message: 'jane@example.com is not valid' };
  expect(toAppError(failure, untracked).message).not.toContain('jane');
});

test('an answer that nobody expected is no error for clients', () => {
  const error = toAppError({ kind: 'unexpected', status: 418, code: 7 }, untracked);
  expect(error).not.toHaveProperty('code');
  expect(error.message).toBe('unexpected answer from Zoom: HTTP 418, code 7');
});

test('refused values are said to be refused', () => {
  const error = toAppError({ kind: 'invalid_request', message: 'x' }, untracked);
  expect(error.message).toBe('Zoom does not accept these values.');
});

test('an unexpected answer without a code says so', () => {
  const error = toAppError({ kind: 'unexpected', status: 418, code: undefined }, untracked);
  expect(error.message).toBe('unexpected answer from Zoom: HTTP 418, code none');
});
