import { type TokenRequestFailure } from '../../../src/oauth/token-request-error.js';
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

const oauthError = (status: number, error: string): TokenRequestFailure => ({
  kind: 'oauth_error',
  status,
  error,
  reason: undefined,
  retryAfter: null,
});

test.each<[string, TokenRequestFailure, string]>([
  ['a wrong secret', oauthError(400, 'invalid_client'), 'ZOOM_APP_MISCONFIGURED'],
  ['a wrong account', oauthError(400, 'invalid_request'), 'ZOOM_APP_MISCONFIGURED'],
  ['an app switched off', oauthError(401, 'unsupported_grant_type'), 'ZOOM_APP_MISCONFIGURED'],
  ['a rate limit', { kind: 'http_error', status: 429, retryAfter: '5' }, 'ZOOM_RATE_LIMITED'],
  ['an outage', oauthError(503, 'server_error'), 'ZOOM_UNAVAILABLE'],
  ['a defect at Zoom', oauthError(500, 'server_error'), 'ZOOM_UNAVAILABLE'],
  ['HTML from the edge', { kind: 'http_error', status: 403, retryAfter: null }, 'ZOOM_UNAVAILABLE'],
  ['no answer', { kind: 'network_error', sent: 'maybe' }, 'ZOOM_UNAVAILABLE'],
  ['a success that cannot be read', { kind: 'malformed_success' }, 'ZOOM_UNAVAILABLE'],
])('a failed request: %s', (_what, failure, code) => {
  expect(classifyAppTokenFailure(failure, NOW).code).toBe(code);
});

test('an instant that Zoom names is kept', () => {
  expect(
    classifyAppTokenFailure({ kind: 'http_error', status: 429, retryAfter: '5' }, NOW).retryAfter,
  ).toEqual(at(5_000));
});

test('a caller who is refused during a backoff learns its cause and its end', () => {
  expect(decideAppToken({ backoff }, NOW)).toMatchObject({
    error: { code: 'ZOOM_UNAVAILABLE', details: { retryAt: at(1) } },
  });
});
