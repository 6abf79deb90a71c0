import { type ApiFailure, classifyApiFailure } from '../../../../src/zoom/api/api-failure.js';
import { at, NOW } from '../../../support/grant-fixture.js';

const classify = (status: number, body: unknown, retryAfter: string | null = null) =>
  classifyApiFailure({ status, body, retryAfter }, NOW);
const MISSING =
  'Invalid access token, does not contain scopes:[meeting:write:meeting, meeting:write:meeting:admin].';
const MIDNIGHT = new Date('2026-01-16T00:00:00Z');

test.each<[string, number, unknown, ApiFailure]>([
  ['a token not accepted', 401, { code: 124, message: 'Invalid access token.' }, { kind: 'token_rejected' }],
  ['a token expired', 401, { code: 124, message: 'Access token is expired.' }, { kind: 'token_rejected' }],
  [
    'a token expired, as 400',
    400,
    { code: 124, message: 'Access token is expired.' },
    { kind: 'token_rejected' },
  ],
  [
    'a granular scope',
    400,
    { code: 4711, message: MISSING },
    { kind: 'scope_missing', scopes: ['meeting:write:meeting'] },
  ],
  [
    'a classic scope',
    401,
    { code: 4700, message: 'does not contain scopes: [user:read]' },
    { kind: 'scope_missing', scopes: ['user:read'] },
  ],
  [
    'admin scopes alone',
    400,
    { code: 4711, message: 'scopes:[user:read:user:admin]' },
    { kind: 'scope_missing', scopes: ['user:read:user:admin'] },
  ],
  ['a scope without a list', 400, { code: 4711, message: 'no' }, { kind: 'scope_missing', scopes: [] }],
  ['no such user', 404, { code: 1001, message: 'User does not exist: me' }, { kind: 'not_found' }],
  ['no such meeting', 404, { code: 3001, message: 'Meeting does not exist: 1.' }, { kind: 'not_found' }],
  ['an empty 404', 404, undefined, { kind: 'not_found' }],
  [
    'a paid account wanted',
    400,
    { code: 200, message: 'Only available for paid account' },
    { kind: 'plan_required' },
  ],
  ['hosting not allowed', 400, { code: 3161, message: 'no' }, { kind: 'plan_required' }],
  [
    'values refused',
    400,
    { code: 300, message: 'Validation Failed.', errors: [] },
    { kind: 'invalid_request', message: 'Validation Failed.' },
  ],
  ['an outage', 500, { code: 500, message: 'no' }, { kind: 'unavailable', retryAt: undefined }],
  ['HTML from the edge', 502, undefined, { kind: 'unavailable', retryAt: undefined }],
  ['HTML with status 403', 403, undefined, { kind: 'unavailable' }],
  [
    'another code',
    400,
    { code: 3000, message: 'Cannot access' },
    { kind: 'unexpected', status: 400, code: 3000 },
  ],
])('%s', (_what, status, body, expected) => {
  expect(classify(status, body)).toEqual(expected);
});

test.each<[string, string | null, string, Date]>([
  ['per second', null, 'You have reached the maximum per-second rate limit for this API.', at(1_000)],
  ['per day', null, 'You have reached the maximum daily rate limit for this API.', MIDNIGHT],
  ['per day, with an ISO date-time', '2026-01-15T13:00:00Z', 'maximum daily rate limit', at(3_600_000)],
  ['with seconds', '5', 'Too many requests', at(5_000)],
  ['with a header that cannot be read', 'later', 'daily rate limit', MIDNIGHT],
])('a rate limit %s ends in time', (_what, retryAfter, message, retryAt) => {
  expect(classify(429, { code: 429, message }, retryAfter)).toEqual({
    kind: 'rate_limited',
    retryAt,
    per: 'account',
  });
});

test("the daily limit of one user's meetings is not the account's", () => {
  const message =
    'You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user.';
  expect(classify(429, { code: 429, message })).toEqual({
    kind: 'rate_limited',
    retryAt: MIDNIGHT,
    per: 'user',
  });
});

test.each([
  ['null', null],
  ['an array', []],
  ['a text', 'no'],
  ['a code that is no number', { code: '124' }],
  ['a message that is no text', { code: 4711, message: 7 }],
])('a body that is %s breaks nothing', (_what, body) => {
  expect(() => classify(400, body)).not.toThrow();
});

test.each<[string, unknown, ApiFailure]>([
  ['a code that is no number', { code: '300' }, { kind: 'unavailable' }],
  ['a message that is no text', { code: 300, message: 7 }, { kind: 'invalid_request', message: '' }],
  ['no message', { code: 300 }, { kind: 'invalid_request', message: '' }],
])('a body with %s is read without it', (_what, body, expected) => {
  expect(classify(400, body)).toEqual(expected);
});

test('every missing scope is named, without its spaces', () => {
  const message =
    'does not contain scopes:[user:read:administrators,  user:read:user , user:read:user:admin]';
  expect(classify(400, { code: 4711, message })).toEqual({
    kind: 'scope_missing',
    scopes: ['user:read:administrators', 'user:read:user'],
  });
});
