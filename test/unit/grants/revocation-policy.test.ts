import { type TokenRequestFailure } from '../../../src/oauth/token-request-error.js';
import { isAlreadyInvalid, isGivenUp } from '../../../src/grants/disconnect/revocation-policy.js';
import { at, NOW } from '../../support/grant-fixture.js';

const DAY = 86_400_000;
const oauth = (error: string, reason?: string) =>
  ({ kind: 'oauth_error', status: 400, error, reason, retryAfter: null }) as const;

test.each<[string, TokenRequestFailure, boolean]>([
  ['invalid_grant', oauth('invalid_grant'), true],
  ['invalid_token', oauth('invalid_token'), true],
  ["Zoom's reason beside another error", oauth('invalid_request', 'Invalid Token!'), true],
  ['wrong client credentials', oauth('invalid_client'), false],
  ['an outage', { kind: 'http_error', status: 502, retryAfter: null }, false],
  ['a lost answer', { kind: 'network_error', sent: 'maybe' }, false],
  ['an unreadable success', { kind: 'malformed_success' }, false],
])('%s shows that nothing is left to revoke: %s', (_what, failure, expected) => {
  expect(isAlreadyInvalid(failure)).toBe(expected);
});

test('a revocation is retried for 90 days, until the refresh token has expired', () => {
  expect(isGivenUp(NOW, at(-90 * DAY))).toBe(false);
  expect(isGivenUp(NOW, at(-90 * DAY - 1))).toBe(true);
});
