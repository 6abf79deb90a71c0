import { type Grant } from '../../../src/grants/grant.js';
import { type RefreshRefusal } from '../../../src/models/refresh-refusal.js';
import { type TransientCode } from '../../../src/models/refresh-state.js';
import { grantStatus } from '../../../src/grants/grant-status.js';
import { at, NOW, someGrant } from '../../support/grant-fixture.js';

const unavailable = (ms: number) => ({
  refreshBackoff: { code: 'ZOOM_UNAVAILABLE' as const, retryAt: at(ms) },
});

const paused = (code: TransientCode, ms: number) =>
  someGrant({ refreshBackoff: { code, retryAt: at(ms) }, refreshErrorCount: 3 });

test.each<[string, Grant | undefined, string[], string, string]>([
  ['no row', undefined, [], 'NOT_CONNECTED', 'CONNECT'],
  ['a live grant', someGrant(), [], 'CONNECTED', 'NONE'],
  ['a live grant without a needed scope', someGrant(), ['user:read:user'], 'CONNECTED', 'RECONNECT'],
  ['an expired access token', someGrant({ accessTokenExpiry: at(-1) }), [], 'CONNECTED', 'NONE'],
  ['a pause after a failed refresh', paused('ZOOM_UNAVAILABLE', 1), [], 'CONNECTED', 'WAIT'],
  ['a pause, and a missing scope', paused('ZOOM_RATE_LIMITED', 1), ['user:read:user'], 'CONNECTED', 'WAIT'],
  ['a pause that ends now', paused('ZOOM_UNAVAILABLE', 0), [], 'CONNECTED', 'NONE'],
  ['refused app credentials', paused('ZOOM_APP_MISCONFIGURED', 1), [], 'CONNECTED', 'CONTACT_SUPPORT'],
  [
    'app credentials refused at last',
    paused('ZOOM_APP_MISCONFIGURED', -1),
    [],
    'CONNECTED',
    'CONTACT_SUPPORT',
  ],
  [
    'a grant that Zoom has ended',
    someGrant({ isActive: false, reason: 'REFRESH_TOKEN_REJECTED' }),
    [],
    'REAUTHORIZATION_REQUIRED',
    'RECONNECT',
  ],
  [
    'a grant ended on purpose',
    someGrant({ isActive: false, isRevoked: true, reason: 'REVOKED_BY_USER' }),
    [],
    'REVOKED',
    'RECONNECT',
  ],
])('%s is %s, offer %s', (_state, grant, missingScopes, status, nextAction) => {
  expect(grantStatus(grant, NOW, missingScopes)).toMatchObject({ status, nextAction });
});

describe('Zoom refuses to refresh', () => {
  const DAY = 86_400_000;
  const refusal = (lasted: number, changes: Partial<RefreshRefusal> = {}): Partial<Grant> => ({
    refreshRefusal: {
      cause: 'REFRESH_REFUSED',
      needsSupport: false,
      since: at(-lasted),
      latest: NOW,
      ...changes,
    },
    refreshBackoff: { code: 'ZOOM_REFUSED', retryAt: at(-1) },
  });
  const REASON = 'REFRESH_REFUSED';

  test.each<[string, Partial<Grant>, string | undefined, string]>([
    ['for the first time', refusal(0), undefined, 'WAIT'],
    ['for a day less a millisecond', refusal(DAY - 1), undefined, 'WAIT'],
    ['for a day', refusal(DAY), REASON, 'RECONNECT'],
    ['for a day, and an outage since', { ...refusal(DAY), ...unavailable(1) }, REASON, 'RECONNECT'],
    ['for a day, by an administrator', refusal(DAY, { needsSupport: true }), REASON, 'CONTACT_SUPPORT'],
    ['once, a month ago', refusal(30 * DAY, { latest: at(-30 * DAY) }), undefined, 'WAIT'],
    ['since the scopes changed', refusal(0, { cause: 'SCOPES_CHANGED' }), 'SCOPES_CHANGED', 'RECONNECT'],
    [
      'for a day, and then the credentials of the app',
      { ...refusal(DAY), refreshBackoff: { code: 'ZOOM_APP_MISCONFIGURED', retryAt: at(1) } },
      REASON,
      'CONTACT_SUPPORT',
    ],
  ])('%s: the user stays CONNECTED', (_how, changes, reason, nextAction) => {
    const { status, ...told } = grantStatus(someGrant(changes), NOW);
    expect([status, told.reason, told.nextAction]).toEqual(['CONNECTED', reason, nextAction]);
  });

  test('the time that is told is that of the first refusal', () => {
    expect(grantStatus(someGrant(refusal(3 * DAY)), NOW).since).toEqual(at(-3 * DAY));
    expect(grantStatus(someGrant(refusal(0)), NOW).since).toEqual(someGrant().since);
  });
});

describe('a grant without a refresh token', () => {
  test('is CONNECTED until its access token ends', () => {
    expect(grantStatus(someGrant({ refreshToken: undefined }), NOW).status).toBe('CONNECTED');
    expect(grantStatus(someGrant({ refreshToken: undefined, accessTokenExpiry: NOW }), NOW)).toEqual({
      status: 'REAUTHORIZATION_REQUIRED',
      reason: 'NO_REFRESH_TOKEN',
      since: NOW,
      nextAction: 'RECONNECT',
    });
  });
});

test('the reason and the time are told once a grant has ended', () => {
  const ended = someGrant({ isActive: false, reason: 'SUPERSEDED', since: at(-5) });
  expect(grantStatus(ended, NOW)).toMatchObject({ reason: 'SUPERSEDED', since: at(-5) });
});

test('a connected grant has no reason', () => {
  expect(grantStatus(someGrant({ reason: 'SUPERSEDED' }), NOW).reason).toBeUndefined();
});

test('no scope is missing unless one is named', () => {
  expect(grantStatus(someGrant(), NOW).nextAction).toBe('NONE');
});
