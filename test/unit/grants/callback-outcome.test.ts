import fc from 'fast-check';
import { type ErrorResponse, type TokenRequestFailure } from '../../../src/oauth/token-request-error.js';
import {
  CALLBACK_REASONS,
  callbackRedirect,
  isMisconfigured,
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

const answered = (status: number, more: Partial<ErrorResponse> = {}): TokenRequestFailure => ({
  kind: 'error_response',
  status,
  retryAfter: null,
  ...more,
});
const REFUSED = 'exchange_failed';
const OUTAGE = 'zoom_unavailable';

test.each<[string, TokenRequestFailure, string, { maybe: boolean; alarm: boolean }]>([
  ['a refused code', answered(400, { error: 'invalid_grant' }), REFUSED, { maybe: false, alarm: false }],
  [
    'a refused code in older words',
    answered(400, { error: 'invalid_request', reason: 'invalid_code' }),
    REFUSED,
    { maybe: false, alarm: false },
  ],
  ['an expired code by number', answered(400, { code: 4733 }), REFUSED, { maybe: false, alarm: false }],
  ['a refusal without words', answered(403), REFUSED, { maybe: false, alarm: false }],
  ['a path that is not there', answered(404), REFUSED, { maybe: false, alarm: false }],
  [
    'refused app credentials',
    answered(400, { error: 'invalid_client' }),
    REFUSED,
    { maybe: false, alarm: true },
  ],
  ['a disabled app', answered(400, { code: 4717 }), REFUSED, { maybe: false, alarm: true }],
  [
    'another redirect URI',
    answered(400, { error: 'invalid_request', reason: 'redirect_mismatch' }),
    REFUSED,
    { maybe: false, alarm: true },
  ],
  ['another redirect URI by number', answered(400, { code: 4709 }), REFUSED, { maybe: false, alarm: true }],
  [
    'another redirect URI as RFC 6749 has it',
    answered(400, { error: 'invalid_grant', reason: 'redirect_mismatch' }),
    REFUSED,
    { maybe: false, alarm: true },
  ],
  [
    'invalid_grant under status 200',
    answered(200, { error: 'invalid_grant' }),
    REFUSED,
    { maybe: false, alarm: false },
  ],
  ['a rate limit', answered(429), OUTAGE, { maybe: false, alarm: false }],
  ['a request that took too long', answered(408), OUTAGE, { maybe: true, alarm: false }],
  ['a request too early', answered(425), OUTAGE, { maybe: false, alarm: false }],
  ['an outage', answered(503), OUTAGE, { maybe: true, alarm: false }],
  ['an unreadable success', { kind: 'malformed_success' }, OUTAGE, { maybe: true, alarm: false }],
  ['no answer', { kind: 'network_error', sent: 'maybe' }, OUTAGE, { maybe: true, alarm: false }],
  ['an unreachable Zoom', { kind: 'network_error', sent: 'no' }, OUTAGE, { maybe: false, alarm: false }],
])('%s makes the exchange end as %s: %j', (_what, failure, reason, { maybe, alarm }) => {
  expect(reasonOfExchangeFailure(failure, NOW)).toBe(reason);
  expect(mayHaveRedeemed(failure, NOW)).toBe(maybe);
  expect(isMisconfigured(failure, NOW)).toBe(alarm);
});

test('every status of 4xx but three is a refusal of the code, whatever its body', () => {
  const bodies = fc.record({
    error: fc.constantFrom('other', 'invalid_request', undefined),
    code: fc.option(fc.nat(9_999), { nil: undefined }),
  });
  const statuses = fc.integer({ min: 400, max: 499 }).filter((status) => ![408, 425, 429].includes(status));
  fc.assert(
    fc.property(statuses, bodies, (status, body) => {
      const failure = answered(status, body);
      return reasonOfExchangeFailure(failure, NOW) === REFUSED && !mayHaveRedeemed(failure, NOW);
    }),
  );
});
