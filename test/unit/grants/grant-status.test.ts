import { type Grant } from '../../../src/grants/grant.js';
import { type TransientCode } from '../../../src/models/user-oauth-token.js';
import { grantStatus } from '../../../src/grants/grant-status.js';
import { at, NOW, someGrant } from '../../support/grant-fixture.js';

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
