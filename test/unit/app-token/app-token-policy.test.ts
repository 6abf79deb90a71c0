import { type ErrorResponse, type TokenRequestFailure } from '../../../src/oauth/token-request-error.js';
import { classifyAppTokenFailure, decideAppToken } from '../../../src/app-token/app-token-policy.js';

const NOW = new Date('2026-01-15T12:00:00Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);
const MINUTE = 60_000;
const backoff = { code: 'ZOOM_UNAVAILABLE', retryAt: at(1) } as const;
const token = (version: number, leftMs: number) => ({ version, expiresAt: at(leftMs) });

test.each<[string, Parameters<typeof decideAppToken>[0], number | undefined, string]>([
  ['none yet', {}, undefined, 'request'],
  ['an hour left', { token: token(1, 60 * MINUTE) }, undefined, 'use'],
  ['a moment over five minutes left', { token: token(1, 5 * MINUTE + 1) }, undefined, 'use'],
  ['five minutes left', { token: token(1, 5 * MINUTE) }, undefined, 'request'],
  ['refused by Zoom', { token: token(1, 60 * MINUTE) }, 1, 'request'],
  ['newer than the refused one', { token: token(2, 60 * MINUTE) }, 1, 'use'],
  ['short, in a backoff', { token: token(1, MINUTE), backoff }, undefined, 'use'],
  [
    'short, after a backoff',
    { token: token(1, MINUTE), backoff: { ...backoff, retryAt: NOW } },
    undefined,
    'request',
  ],
  ['short and refused, in a backoff', { token: token(1, MINUTE), backoff }, 1, 'refuse'],
  ['over, in a backoff', { token: token(1, 0), backoff }, undefined, 'refuse'],
  ['none yet, in a backoff', { backoff }, undefined, 'refuse'],
])('a token: %s', (_what, state, rejected, kind) => {
  expect(decideAppToken(state, NOW, rejected)).toMatchObject({ kind });
});

const answered = (status: number, more: Partial<ErrorResponse> = {}): TokenRequestFailure => ({
  kind: 'error_response',
  status,
  retryAfter: null,
  ...more,
});

test.each<[string, TokenRequestFailure, string]>([
  ['a wrong secret', answered(400, { error: 'invalid_client' }), 'ZOOM_APP_MISCONFIGURED'],
  ['a wrong account', answered(400, { error: 'invalid_request' }), 'ZOOM_APP_MISCONFIGURED'],
  ['an app switched off', answered(401, { error: 'unsupported_grant_type' }), 'ZOOM_APP_MISCONFIGURED'],
  ["a number of Zoom's", answered(400, { code: 4717 }), 'ZOOM_APP_MISCONFIGURED'],
  ['a refusal without words', answered(403), 'ZOOM_APP_MISCONFIGURED'],
  ['an OAuth error under status 200', answered(200, { error: 'invalid_client' }), 'ZOOM_APP_MISCONFIGURED'],
  ['a rate limit', answered(429, { retryAfter: '5' }), 'ZOOM_RATE_LIMITED'],
  ['a request that took too long', answered(408), 'ZOOM_UNAVAILABLE'],
  ['a request too early', answered(425), 'ZOOM_UNAVAILABLE'],
  ['an outage', answered(503, { error: 'server_error' }), 'ZOOM_UNAVAILABLE'],
  ['a defect at Zoom', answered(500, { error: 'invalid_client' }), 'ZOOM_UNAVAILABLE'],
  ['no answer', { kind: 'network_error', sent: 'maybe' }, 'ZOOM_UNAVAILABLE'],
  ['a success that cannot be read', { kind: 'malformed_success' }, 'ZOOM_UNAVAILABLE'],
])('a failed request: %s', (_what, failure, code) => {
  expect(classifyAppTokenFailure(failure, NOW).code).toBe(code);
});

test('an instant that Zoom names is kept', () => {
  expect(classifyAppTokenFailure(answered(429, { retryAfter: '5' }), NOW).retryAfter).toEqual(at(5_000));
});

test('a caller who is refused during a backoff learns its cause and its end', () => {
  expect(decideAppToken({ backoff }, NOW)).toMatchObject({
    error: { code: 'ZOOM_UNAVAILABLE', details: { retryAt: at(1) } },
  });
});
