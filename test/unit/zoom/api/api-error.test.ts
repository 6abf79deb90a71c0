import { type ApiFailure } from '../../../../src/zoom/api/api-failure.js';
import { toAppError } from '../../../../src/zoom/api/api-error.js';
import { at } from '../../../support/grant-fixture.js';

test.each<[ApiFailure, string, object]>([
  [{ kind: 'token_rejected', certain: true, otherwise: { kind: 'refused' } }, 'ZOOM_REFUSED', {}],
  [
    { kind: 'scope_missing', scopes: ['user:read:user'] },
    'ZOOM_SCOPE_MISSING',
    { missingScopes: ['user:read:user'] },
  ],
  [{ kind: 'not_found' }, 'ZOOM_NOT_FOUND', {}],
  [{ kind: 'plan_required' }, 'ZOOM_PLAN_REQUIRED', {}],
  [{ kind: 'not_allowed', code: 3003 }, 'ZOOM_NOT_ALLOWED', { zoomCode: 3003 }],
  [{ kind: 'conflict', code: 3002 }, 'ZOOM_CONFLICT', { zoomCode: 3002 }],
  [{ kind: 'refused', code: 4242 }, 'ZOOM_REFUSED', { zoomCode: 4242 }],
  [{ kind: 'invalid_request', fields: [] }, 'BAD_USER_INPUT', {}],
  [{ kind: 'rate_limited', retryAt: at(5), per: 'account' }, 'ZOOM_RATE_LIMITED', { retryAt: at(5) }],
  [{ kind: 'unavailable', retryAt: at(5) }, 'ZOOM_UNAVAILABLE', { retryAt: at(5) }],
])('$kind leaves as a code, with the tracking id for a support ticket', (failure, code, details) => {
  const error = toAppError(failure, { method: 'GET', zoomTrackingId: 'WEB_tracking' });
  expect(error.code).toBe(code);
  expect(error.details).toMatchObject({ ...details, zoomTrackingId: 'WEB_tracking' });
});

test.each([
  ['GET', { kind: 'unavailable' }, undefined],
  ['POST', { kind: 'unavailable' }, true],
  ['POST', { kind: 'unavailable', neverSent: true }, undefined],
] as const)('%s that ended %j says that its outcome is unknown: %p', (method, failure, outcomeUnknown) => {
  const error = toAppError(failure, { method, zoomTrackingId: undefined });
  expect(error.details.outcomeUnknown).toBe(outcomeUnknown);
});

test.each<[string, string[], string | undefined, string]>([
  [
    'that the API has under another name',
    ['start_time'],
    'input.startTime',
    'input.startTime: Zoom does not accept this value.',
  ],
  [
    'after one that the API does not have',
    ['x', 'start_time'],
    'input.startTime',
    'input.startTime: Zoom does not accept this value.',
  ],
  ['that the API does not have', ['x'], undefined, 'Zoom does not accept these values.'],
  ['that is not named', [], undefined, 'Zoom does not accept these values.'],
])('a value is refused in a field %s', (_what, fields, argument, message) => {
  const argumentOf = (field: string) => (field === 'start_time' ? 'input.startTime' : undefined);
  const error = toAppError(
    { kind: 'invalid_request', fields },
    { method: 'POST', zoomTrackingId: 'x', argumentOf },
  );
  expect(error.message).toBe(message);
  expect(error.details.argument).toBe(argument);
});
