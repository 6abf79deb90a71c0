import {
  isRefusal,
  networkError,
  TokenRequestError,
  type TokenRequestFailure,
} from '../../../src/oauth/token-request-error.js';

/** What `fetch` rejects with: the code lies in a cause. */
const rejected = (code: string) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });

test.each([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])('%s: no byte has left', (code) => {
  expect(networkError(rejected(code)).failure).toEqual({ kind: 'network_error', sent: 'no' });
});

test.each<[string, unknown]>([
  ['a reset', rejected('ECONNRESET')],
  ['a connection closed by the other side', rejected('UND_ERR_SOCKET')],
  ['no headers in time', rejected('UND_ERR_HEADERS_TIMEOUT')],
  ['an abort', new DOMException('The operation was aborted due to timeout', 'TimeoutError')],
  ['something that is no error', 'a text'],
])('%s: the request may have arrived', (_what, cause) => {
  expect(networkError(cause).failure).toEqual({ kind: 'network_error', sent: 'maybe' });
});

test('the cause is kept for the log', () => {
  const cause = rejected('ECONNRESET');
  expect(networkError(cause).cause).toBe(cause);
});

test.each<[TokenRequestFailure, string]>([
  [
    { kind: 'error_response', status: 400, error: 'invalid_grant', reason: 'dead_token', retryAfter: null },
    'HTTP 400: invalid_grant, dead_token',
  ],
  [{ kind: 'error_response', status: 401, code: 4741, retryAfter: null }, 'HTTP 401: 4741'],
  [{ kind: 'error_response', status: 502, retryAfter: null }, 'HTTP 502 without an error that can be read'],
  [{ kind: 'malformed_success' }, 'a status of success with a body that is not a token response'],
  [{ kind: 'network_error', sent: 'no' }, 'the request could not be sent'],
  [{ kind: 'network_error', sent: 'maybe' }, 'no complete answer arrived'],
])('says what happened: %#', (failure, message) => {
  expect(new TokenRequestError(failure).message).toBe(message);
});

test.each([
  [200, true],
  [299, true],
  [302, false],
  [400, true],
  [401, true],
  [403, true],
  [404, true],
  [408, false],
  [409, true],
  [418, true],
  [422, true],
  [425, false],
  [429, false],
  [451, true],
  [499, true],
  [500, false],
  [503, false],
])('an error under status %i is a definite refusal: %s', (status, expected) => {
  expect(isRefusal({ kind: 'error_response', status, retryAfter: null })).toBe(expected);
});

test('is named in a log, and has a cause only if there is one', () => {
  const error = new TokenRequestError({ kind: 'malformed_success' });
  expect(error.name).toBe('TokenRequestError');
  expect(error).not.toHaveProperty('cause');
});
