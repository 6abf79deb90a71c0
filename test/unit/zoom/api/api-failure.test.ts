import fc from 'fast-check';
import { toAppError } from '../../../../src/zoom/api/api-error.js';
import { type ApiFailure, classifyApiFailure } from '../../../../src/zoom/api/api-failure.js';
import { retryDelay } from '../../../../src/zoom/api/api-retry-policy.js';
import { at, NOW } from '../../../support/grant-fixture.js';

const classify = (status: number, body: unknown, retryAfter: string | null = null) =>
  classifyApiFailure(
    { status, text: typeof body === 'string' ? body : JSON.stringify(body), retryAfter },
    NOW,
  );
const MIDNIGHT = new Date('2026-01-16T00:00:00Z');
const missing = (...scopes: string[]) =>
  `Invalid access token, does not contain scopes:[${scopes.join(', ')}].`;
const WRITE = 'meeting:write:meeting';

test.each<[number, number, string, ApiFailure['kind']]>([
  [400, 200, 'Only available for paid account', 'plan_required'],
  [200, 200, 'No permission.', 'plan_required'],
  [400, 3161, 'Your user account is not allowed meeting hosting', 'plan_required'],
  [400, 1010, 'User does not belong to this account.', 'not_allowed'],
  [400, 1120, 'The invitation has expired.', 'not_allowed'],
  [403, 2306, 'Not allowed to view meetings scheduled for others.', 'not_allowed'],
  [400, 3000, 'Cannot access meeting information.', 'not_allowed'],
  [400, 3000, 'You cannot schedule a meeting for jane@example.com', 'not_allowed'],
  [400, 3000, 'Cannot access webinar info.', 'conflict'],
  [400, 3000, 'You cannot update meetings that have started.', 'conflict'],
  [400, 3002, 'Sorry, you cannot delete this meeting since it is in progress.', 'conflict'],
  [400, 3003, 'You are not the meeting host.', 'not_allowed'],
  [400, 3007, 'Sorry, you cannot delete this meeting since it has ended.', 'conflict'],
  [400, 3018, 'Not allowed to delete PMI.', 'conflict'],
  [400, 3037, 'Not allowed to delete PAC.', 'conflict'],
  [404, 1001, 'User does not exist: me.', 'not_found'],
  [400, 1001, 'User does not exist: me.', 'not_found'],
  [404, 3001, 'Meeting does not exist: 1.', 'not_found'],
  [400, 3001, 'Meeting does not exist: 1.', 'not_found'],
  [404, 3301, 'There is no recording for this session.', 'not_found'],
  [400, 300, 'Validation Failed.', 'invalid_request'],
  [400, 4242, 'Something new.', 'refused'],
  [400, 4717, 'The app has been disabled.', 'refused'],
  [418, 1, 'no', 'refused'],
])('HTTP %i with code %i, "%s", is %s', (status, code, message, kind) => {
  expect(classify(status === 200 ? 400 : status, { code, message })).toMatchObject({ kind, code });
});

test.each<[number, ApiFailure['kind']]>([
  [400, 'refused'],
  [402, 'plan_required'],
  [403, 'not_allowed'],
  [404, 'not_found'],
  [405, 'refused'],
  [409, 'conflict'],
  [410, 'not_found'],
  [413, 'refused'],
  [422, 'refused'],
  [408, 'unavailable'],
  [425, 'unavailable'],
  [302, 'unavailable'],
  [500, 'unavailable'],
  [502, 'unavailable'],
])('HTTP %i without a code is %s, whether the body is JSON, HTML or empty', (status, kind) => {
  for (const body of [{ message: 'no' }, '<html><code>124</code></html>', ''])
    expect(classify(status, body)).toMatchObject({ kind });
});

describe('a token that Zoom does not accept', () => {
  test.each<[string, number, unknown, boolean]>([
    ['as documented', 401, { code: 124, message: 'Invalid access token.' }, true],
    ['expired', 401, { code: 124, message: 'Access token is expired.' }, true],
    ['expired, with status 400', 400, { code: 124, message: 'Access token is expired.' }, true],
    ['with the code as text', 401, { code: '124', message: 'Invalid access token.' }, true],
    ['in the form of OAuth', 401, { error: 'invalid_token', reason: 'Invalid Token!' }, true],
    ['in XML', 401, '<?xml version="1.0"?><result><code>124</code><message>no</message></result>', true],
    ['without a code', 401, { message: 'Unauthorized' }, false],
    ['without a body', 401, '', false],
    ['in HTML', 401, '<html>Unauthorized</html>', false],
    ['with 4700 and no scopes', 401, { code: 4700, message: 'Token cannot be empty.' }, false],
    ['with 4700, no scopes and status 400', 400, { code: 4700, message: 'Token cannot be empty.' }, false],
    ['with a code of something else', 401, { code: 1001, message: 'User does not exist: me' }, false],
  ])('%s is known', (_what, status, body, certain) => {
    expect(classify(status, body)).toMatchObject({ kind: 'token_rejected', certain });
  });

  test('if a fresh token meets the same answer, the rest of the answer decides', () => {
    const meaning = (body: unknown) =>
      toAppError(classify(401, body), { method: 'GET', zoomTrackingId: 'x' });
    expect(meaning({ code: 124, message: 'no' })).toMatchObject({
      code: 'ZOOM_REFUSED',
      details: { zoomCode: 124 },
    });
    expect(meaning({ code: 1001, message: 'no' })).toMatchObject({ code: 'ZOOM_NOT_FOUND' });
    expect(meaning('')).toMatchObject({ code: 'ZOOM_REFUSED' });
  });
});

describe('a missing scope', () => {
  test.each<[string, number, unknown, string[]]>([
    ['granular', 400, { code: 4711, message: missing(WRITE, `${WRITE}:admin`) }, [WRITE]],
    ['granular, with status 401', 401, { code: 4711, message: missing(WRITE) }, [WRITE]],
    ['classic', 401, { code: 4700, message: 'does not contain scopes: [user:read]' }, ['user:read']],
    [
      'older',
      400,
      { code: 104, message: missing('meeting:read:list_meetings') },
      ['meeting:read:list_meetings'],
    ],
    ['with the code as text', 400, { code: '4711', message: missing(WRITE) }, [WRITE]],
    ['in XML', 400, `<result><code>4711</code><message>${missing(WRITE)}</message></result>`, [WRITE]],
    [
      'with admin scopes alone',
      400,
      { code: 4711, message: missing('user:read:user:admin') },
      ['user:read:user:admin'],
    ],
    ['without a list', 400, { code: 4711, message: 'no' }, []],
    ['in the form of OAuth', 403, { error: 'insufficient_scope' }, []],
    [
      'with spaces around',
      400,
      { code: 4711, message: 'scopes:[user:read:administrators,  user:read:user , user:read:user:admin]' },
      ['user:read:administrators', 'user:read:user'],
    ],
  ])('%s is named', (_what, status, body, scopes) => {
    expect(classify(status, body)).toMatchObject({ kind: 'scope_missing', scopes });
  });
});

test.each<[string, unknown, string[]]>([
  ['as documented', [{ field: 'password', message: 'Invalid field.' }], ['password']],
  [
    'several',
    [{ field: 'topic' }, { field: 'settings.auto_recording' }],
    ['topic', 'settings.auto_recording'],
  ],
  ['without names', [{ message: 'no' }, null, 7, 'text'], []],
  ['no list', { field: 'topic' }, []],
  ['missing', undefined, []],
])('the fields that Zoom does not accept are read: %s', (_what, errors, fields) => {
  expect(classify(400, { code: 300, message: 'Validation Failed.', errors })).toEqual({
    kind: 'invalid_request',
    code: 300,
    fields,
  });
});

test('values refused in XML are refused values', () => {
  const xml =
    '<?xml version="1.0" encoding="UTF-8"?><result><code>300</code><message>Validation Failed</message></result>';
  expect(classify(400, xml)).toEqual({ kind: 'invalid_request', code: 300, fields: [] });
});

describe('a rate limit', () => {
  const SINGLE = 'A maximum of 100 meetings can be created/updated for a single user in one day.';
  const PARTICULAR =
    'You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user.';
  const DAILY = 'You have reached the maximum daily rate limit for this API.';

  test.each<[string, number, unknown, string | null, 'account' | 'user', Date]>([
    ['per second', 429, { code: 429, message: 'maximum per-second rate limit' }, null, 'account', at(1_000)],
    [
      'per second, with code 4001',
      429,
      { code: 4001, message: 'Too many requests' },
      null,
      'account',
      at(1_000),
    ],
    ['without a body', 429, '', null, 'account', at(1_000)],
    ['per day', 429, { code: 429, message: DAILY }, null, 'account', MIDNIGHT],
    [
      'per day, with an ISO date-time',
      429,
      { code: 429, message: DAILY },
      '2026-01-15T13:00:00Z',
      'account',
      at(3_600_000),
    ],
    ['with seconds', 429, { code: 429, message: 'Too many requests' }, '5', 'account', at(5_000)],
    ['with a header that cannot be read', 429, { code: 429, message: DAILY }, 'later', 'account', MIDNIGHT],
    ['with no seconds', 429, { code: 429, message: 'Too many requests' }, '0', 'account', at(1_000)],
    [
      'with an instant in the past',
      429,
      { code: 429, message: 'no' },
      '2026-01-15T11:00:00Z',
      'account',
      at(1_000),
    ],
    ['of one user', 429, { code: 429, message: PARTICULAR }, null, 'user', MIDNIGHT],
    ['of one user, in the older words', 429, { code: 429, message: SINGLE }, null, 'user', MIDNIGHT],
    ['of one user, as 400/300', 400, { code: 300, message: SINGLE }, null, 'user', MIDNIGHT],
    ['of one user, as 400 without a code', 400, { message: PARTICULAR }, null, 'user', MIDNIGHT],
  ])('%s ends in time', (_what, status, body, retryAfter, per, retryAt) => {
    expect(classify(status, body, retryAfter)).toMatchObject({ kind: 'rate_limited', retryAt, per });
  });
});

test('every 4xx but 408, 425 and 429 is definite, whatever its body: not repeated, never an outage or our own fault', () => {
  const status = fc.integer({ min: 400, max: 499 }).filter((value) => ![408, 425, 429].includes(value));
  const code = fc.oneof(fc.integer(), fc.string(), fc.constantFrom(124, '124', 300, 4700, 4711, null));
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({ code, message: fc.oneof(fc.string(), fc.jsonValue()) })
      .map((fields) => JSON.stringify(fields)),
  );
  fc.assert(
    fc.property(status, body, (httpStatus, text) => {
      const failure = classify(httpStatus, text);
      const error = toAppError(failure, { method: 'POST', zoomTrackingId: 'WEB_1' });
      expect(['unavailable', 'rate_limited']).not.toContain(failure.kind);
      expect(
        retryDelay(failure, { method: 'GET', tries: 1, elapsedMs: 0, jitter: 0, now: NOW }),
      ).toBeUndefined();
      expect(['INTERNAL_SERVER_ERROR', 'ZOOM_UNAVAILABLE']).not.toContain(error.code);
      expect(error.details).toMatchObject({ zoomTrackingId: 'WEB_1' });
      expect(error.details.outcomeUnknown).toBeUndefined();
    }),
  );
});
