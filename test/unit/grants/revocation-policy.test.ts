import { type TokenRequestFailure } from '../../../src/oauth/token-request-error.js';
import { isAlreadyInvalid, nextRevocationAt } from '../../../src/grants/disconnect/revocation-policy.js';
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
  ['an answer lost', { kind: 'network_error', sent: 'maybe' }, false],
  ['an unreadable success', { kind: 'malformed_success' }, false],
])('%s shows that nothing is left to revoke: %s', (_what, failure, expected) => {
  expect(isAlreadyInvalid(failure)).toBe(expected);
});

test.each([
  [0, 5_000],
  [1, 5_000],
  [2, 10_000],
  [10, 2_560_000],
  [11, 3_600_000],
  [500, 3_600_000],
])('after %i attempts the next is due in %i ms', (attempts, pause) => {
  expect(nextRevocationAt(NOW, NOW, attempts)).toEqual(at(pause));
});

test('is given up only when the refresh token has died by itself', () => {
  expect(nextRevocationAt(NOW, at(-90 * DAY), 1)).toEqual(at(5_000));
  expect(nextRevocationAt(NOW, at(-90 * DAY - 1), 1)).toBeUndefined();
});
