import { Secret } from '../../../src/lib/secret.js';
import { type TokenRequestError } from '../../../src/oauth/token-request-error.js';
import { json, oauthClientWith } from '../../support/recorded-requests.js';

const revoke = (response: Response) =>
  oauthClientWith(() => response)
    .client.revokeToken(new Secret('at-1'))
    .then(
      () => 'revoked',
      (error: unknown) => (error as TokenRequestError).failure,
    );

test.each<[string, Response]>([
  ["Zoom's answer", json(200, { status: 'success' })],
  ['the same in capitals', json(200, { status: 'SUCCESS' })],
  ['no body', new Response(null)],
  ['an empty object', json(200, {})],
  ['null', json(200, null)],
  ['a status of null', json(200, { status: null })],
  ['a page', new Response('<html>fine</html>', { headers: { 'content-type': 'text/html' } })],
])('200 with %s has revoked the token (RFC 7009 §2.2)', async (_what, response) => {
  expect(await revoke(response)).toBe('revoked');
});

const MALFORMED = { kind: 'malformed_success' };
const refused = (more: object) => ({ kind: 'error_response', status: 200, retryAfter: null, ...more });

test.each<[string, unknown, object]>([
  ['another status', { status: 'fail' }, MALFORMED],
  ['a status of false', { status: false }, MALFORMED],
  ['success: false', { success: false }, MALFORMED],
  ['an OAuth error', { error: 'invalid_client' }, refused({ error: 'invalid_client' })],
  ['a dead token', { reason: 'Invalid Token!' }, refused({ reason: 'dead_token' })],
  ['an error of the API', { code: 124, message: 'Invalid access token.' }, MALFORMED],
  ['another error', { error: 'no' }, MALFORMED],
])('200 with %s has revoked nothing', async (_what, body, failure) => {
  expect(await revoke(json(200, body))).toEqual(failure);
});

test('an answer of success that is cut off is a lost answer', async () => {
  const cutOff = new ReadableStream({
    pull(controller) {
      controller.error(new Error('reset'));
    },
  });
  expect(await revoke(new Response(cutOff))).toEqual({ kind: 'network_error', sent: 'maybe' });
});
