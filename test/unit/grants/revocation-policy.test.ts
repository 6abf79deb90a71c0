import { type ErrorResponse, type TokenRequestFailure } from '../../../src/oauth/token-request-error.js';
import { isAlreadyInvalid, isGivenUp } from '../../../src/grants/disconnect/revocation-policy.js';
import { at, NOW } from '../../support/grant-fixture.js';

const DAY = 86_400_000;
const answered = (status: number, more: Partial<ErrorResponse> = {}): TokenRequestFailure => ({
  kind: 'error_response',
  status,
  retryAfter: null,
  ...more,
});

test.each<[string, TokenRequestFailure, boolean]>([
  ['invalid_grant', answered(400, { error: 'invalid_grant' }), true],
  ['invalid_token', answered(401, { error: 'invalid_token' }), true],
  ['invalid_grant under status 200', answered(200, { error: 'invalid_grant' }), true],
  [
    "Zoom's reason beside another error",
    answered(400, { error: 'invalid_request', reason: 'dead_token' }),
    true,
  ],
  ["Zoom's reason alone", answered(400, { reason: 'dead_token' }), true],
  ["Zoom's number for a revoked token", answered(400, { code: 4741 }), true],
  ['invalid_grant during an outage', answered(500, { error: 'invalid_grant' }), false],
  ['wrong client credentials', answered(400, { error: 'invalid_client' }), false],
  ['a refusal without words', answered(403), false],
  ['an outage', answered(502), false],
  ['a lost answer', { kind: 'network_error', sent: 'maybe' }, false],
  ['an unreadable success', { kind: 'malformed_success' }, false],
])('%s shows that nothing is left to revoke: %s', (_what, failure, expected) => {
  expect(isAlreadyInvalid(failure)).toBe(expected);
});

test('a revocation is retried for 90 days, until the refresh token has expired', () => {
  expect(isGivenUp(NOW, at(-90 * DAY))).toBe(false);
  expect(isGivenUp(NOW, at(-90 * DAY - 1))).toBe(true);
});
