import fc from 'fast-check';
import { describeError, type ErrorDescription, isOAuthError } from '../../../src/oauth/error-description.js';

const DEAD = { error: 'invalid_grant', reason: 'dead_token' } as const;

test.each<[string, unknown, ErrorDescription]>([
  ['error and reason', { reason: 'Invalid Token!', error: 'invalid_grant' }, DEAD],
  ['error alone', { error: 'invalid_client' }, { error: 'invalid_client' }],
  ['error and description', { error: 'invalid_grant', error_description: 'Invalid Token!' }, DEAD],
  [
    'error and message',
    { error: 'invalid_client', message: 'Invalid client_id' },
    { error: 'invalid_client', reason: 'invalid_client' },
  ],
  ['reason alone', { reason: 'Invalid Token!' }, { reason: 'dead_token' }],
  ['a number and a message', { code: 4741, message: 'The token has been revoked.' }, { code: 4741 }],
  ['a number as text', { code: '4735', message: '' }, { code: 4735 }],
  [
    'errorCode and errorMessage',
    { status: false, errorCode: 4702, errorMessage: 'Invalid client_id: abc', result: null },
    { reason: 'invalid_client', code: 4702 },
  ],
  [
    'a number in error',
    { error: 4738, reason: 'The token is disabled by admin.' },
    { reason: 'disabled_by_admin', code: 4738 },
  ],
  ['an error as the code', { code: 'invalid_grant', message: 'x' }, { error: 'invalid_grant' }],
  [
    'everything inside error',
    { error: { code: 4717, message: 'The app has been disabled' } },
    { reason: 'app_disabled', code: 4717 },
  ],
  ['a list of errors', { errors: [{ code: 4711 }] }, { code: 4711 }],
  ['white space around', { error: ' invalid_grant\n', reason: ' Invalid Token! ' }, DEAD],
  ['an error in other words', { error: 'NOT_ALLOWED', reason: 'Please call us' }, { error: 'other' }],
  ['a code that is no number of Zoom', { code: 'a-secret', message: 'm' }, {}],
  ['a code too long', { code: 12_345_678 }, {}],
  ['members of other types', { error: {}, reason: 7, code: [], message: null }, {}],
  ['a list', [{ error: 'invalid_grant' }], {}],
  ['a text', 'invalid_grant', {}],
  ['null', null, {}],
])('%s', (_dress, body, expected) => {
  expect(describeError(JSON.stringify(body))).toEqual(expected);
});

test.each<[string, ErrorDescription]>([
  [
    '<result><code>4735</code><message>The owner of the token does not exist.</message></result>',
    { code: 4735 },
  ],
  [
    '<?xml version="1.0"?><response><error>invalid_grant</error><reason>Invalid Token!</reason></response>',
    DEAD,
  ],
  [
    '<r><error_description><![CDATA[Redirect URI mismatch.]]></error_description></r>',
    { reason: 'redirect_mismatch' },
  ],
  ['<html><body><code>4735</code></body></html>', {}],
  ['<!DOCTYPE html><p>invalid_grant</p>', {}],
  ['invalid_grant', {}],
  ['', {}],
  ['{"error":"invalid_', {}],
])('the body %s', (body, expected) => {
  expect(describeError(body)).toEqual(expected);
});

test.each([
  ['Redirect URI mismatch.', 'redirect_mismatch'],
  ['Invalid redirect_uri', 'redirect_mismatch'],
  ['Invalid authorization code abc_def', 'invalid_code'],
  ['Code is expired', 'invalid_code'],
  ['Invalid client_id or client_secret', 'invalid_client'],
  ['Client ID or client secret is missing.', 'invalid_client'],
  ['Invalid client secret.', 'invalid_client'],
  ['unsupported grant type', 'grant_type'],
  ['Missing grant type.', 'grant_type'],
  ['The token scopes do not match with the client scopes.', 'scopes_changed'],
  ['The app has been disabled', 'app_disabled'],
  ['Token is invalid', undefined],
  ['invalid token!', undefined],
  ['Invalid Token! Sorry.', undefined],
])('the reason "%s" means %s', (reason, meaning) => {
  expect(describeError(JSON.stringify({ reason })).reason).toBe(meaning);
});

test('the text for a dead token counts only where Zoom has been seen to send it', () => {
  expect(describeError('{"code":124,"message":"Invalid Token!"}')).toEqual({ code: 124 });
});

test.each<[ErrorDescription, boolean]>([
  [{ error: 'invalid_grant' }, true],
  [{ error: 'invalid_scope' }, true],
  [{ reason: 'dead_token' }, true],
  [{ code: 4741 }, true],
  [{ error: 'server_error' }, false],
  [{ error: 'other' }, false],
  [{ reason: 'invalid_code' }, false],
  [{ code: 200 }, false],
  [{}, false],
])('%j is an OAuth error under any status: %s', (description, expected) => {
  expect(isOAuthError(description)).toBe(expected);
});

test('no text of a body is kept, whatever it holds', () => {
  const members = fc.constantFrom(
    'error',
    'reason',
    'message',
    'code',
    'errorCode',
    'error_description',
    'errors',
  );
  const text = fc.string().map((end) => `secret ${end}`);
  const value = fc.oneof(text, fc.dictionary(members, text), fc.array(text));
  fc.assert(
    fc.property(fc.dictionary(members, value), (body) => {
      expect(JSON.stringify(describeError(JSON.stringify(body)))).not.toContain('secret ');
    }),
  );
});
