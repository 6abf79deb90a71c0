import { type TokenRequestFailure } from '../../../src/oauth/token-request-error.js';
import {
  CALLBACK_REASONS,
  callbackRedirect,
  mayHaveRedeemed,
  reasonOfDenial,
  reasonOfExchangeFailure,
} from '../../../src/grants/connect/callback-outcome.js';
import { NOW } from '../../support/grant-fixture.js';

test('a connection says so', () => {
  expect(callbackRedirect({ returnTo: 'https://app.example.com/settings' })).toBe(
    'https://app.example.com/settings?zoom=connected',
  );
});

test.each(CALLBACK_REASONS)('the reason %s is told and nothing else', (reason) => {
  expect(callbackRedirect({ returnTo: 'https://app.example.com/', reason })).toBe(
    `https://app.example.com/?zoom=error&reason=${reason}`,
  );
});

test('query and fragment of the return address stay', () => {
  expect(callbackRedirect({ returnTo: 'https://app.example.com/a?tab=zoom&x=%26#top' })).toBe(
    'https://app.example.com/a?tab=zoom&x=%26&zoom=connected#top',
  );
});

test('an outcome left in the return address by an earlier attempt is replaced', () => {
  const returnTo = 'https://app.example.com/?zoom=error&zoom=error&reason=restart';
  expect(callbackRedirect({ returnTo })).toBe('https://app.example.com/?zoom=connected');
  expect(callbackRedirect({ returnTo, reason: 'access_denied' })).toBe(
    'https://app.example.com/?zoom=error&reason=access_denied',
  );
});

test.each([
  ['access_denied', 'access_denied'],
  ['temporarily_unavailable', 'zoom_unavailable'],
  ['server_error', 'zoom_unavailable'],
  ['invalid_scope', 'exchange_failed'],
  ['unreadable_error', 'exchange_failed'],
])('the error %s means %s', (error, reason) => {
  expect(reasonOfDenial({ kind: 'denied', state: 'a state', error })).toBe(reason);
});

const oauth = (status: number, error: string) =>
  ({ kind: 'oauth_error', status, error, reason: undefined, retryAfter: null }) as const;

test.each<[string, TokenRequestFailure, string, boolean]>([
  ['a refused code', oauth(400, 'invalid_grant'), 'exchange_failed', false],
  ['refused app credentials', oauth(400, 'invalid_client'), 'exchange_failed', false],
  ['a rate limit', { kind: 'http_error', status: 429, retryAfter: null }, 'zoom_unavailable', false],
  ['an outage', { kind: 'http_error', status: 503, retryAfter: null }, 'zoom_unavailable', true],
  ['an unreadable success', { kind: 'malformed_success' }, 'zoom_unavailable', true],
  ['no answer', { kind: 'network_error', sent: 'maybe' }, 'zoom_unavailable', true],
  ['an unreachable Zoom', { kind: 'network_error', sent: 'no' }, 'zoom_unavailable', false],
])(
  '%s makes the exchange end as %s; the code may have been redeemed: %s',
  (_what, failure, reason, maybe) => {
    expect(reasonOfExchangeFailure(failure, NOW)).toBe(reason);
    expect(mayHaveRedeemed(failure, NOW)).toBe(maybe);
  },
);
