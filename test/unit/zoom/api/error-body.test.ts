import { errorInSuccess, readErrorBody } from '../../../../src/zoom/api/error-body.js';

test.each([
  ['a list', '[]'],
  ['null', 'null'],
  ['a text', '"no"'],
  ['HTML', '<!DOCTYPE html><html><code>300</code></html>'],
  ['HTML in capitals', '<HTML><code>300</code></HTML>'],
  ['nothing', ''],
  ['words', 'upstream connect error'],
  ['a page of a megabyte', `<result><code>300</code>${' '.repeat(1_000_000)}</result>`],
])('%s is no error body', (_what, text) => {
  expect(readErrorBody(text)).toBeUndefined();
});

test.each([
  ['as Zoom documents it', { code: 300, message: 'no' }],
  ['with a code as text', { code: '300', message: 'no' }],
  ['with the names of the OAuth error documents', { errorCode: 300, errorMessage: 'no' }],
  ['inside of `error`', { error: { code: 300, message: 'no' } }],
])('an error body %s is read', (_what, body) => {
  expect(readErrorBody(JSON.stringify(body))).toMatchObject({ code: 300, message: 'no' });
});

test.each([
  ['no code', { code: 'E1', message: 7 }],
  ['a negative code', { code: -1 }],
  ['a fraction for a code', { code: 1.5 }],
  ['a list for a code', { code: [300] }],
])('%s is read without it', (_what, body) => {
  expect(readErrorBody(JSON.stringify(body))).toEqual({
    code: undefined,
    message: '',
    oauthError: undefined,
    fields: [],
  });
});

test.each([
  ['a refusal', { code: 200, message: 'No permission.' }],
  ['a refusal with its code as text', { code: '3001', message: 'no' }],
  ['an error in the form of OAuth', { error: 'invalid_token', reason: 'no' }],
  ['a code of Zoom without a message', { code: 3002 }],
  ['a code of Zoom with an empty message', { code: '200', message: '' }],
  ['an error with the names of the OAuth error documents', { errorCode: 3002, errorMessage: 'no' }],
  ['an error inside of `error`', { error: { code: 3002, message: 'no' } }],
])('%s under a status of success is an error', (_what, body) => {
  expect(errorInSuccess(JSON.stringify(body))).toBeDefined();
});

test('a refusal in XML under a status of success is an error', () => {
  expect(errorInSuccess('<result><code>300</code><message>no</message></result>')).toMatchObject({
    code: 300,
  });
});

test.each([
  ['an empty body', ''],
  ['an empty object', '{}'],
  ['code 0', '{"code":0,"message":"success"}'],
  ['a code without a message', '{"code":7}'],
  ['a meeting', '{"id":1,"code":300,"message":"a field of its own"}'],
  ['a list', '{"meetings":[],"code":300,"message":"no"}'],
  ['a list as root', '[]'],
])('%s under a status of success is no error', (_what, text) => {
  expect(errorInSuccess(text)).toBeUndefined();
});

test.each([
  ['with attributes', '<result type="error"><code kind="zoom">300</code><message>no</message></result>'],
  ['in CDATA', '<result><code><![CDATA[300]]></code><message><![CDATA[no]]></message></result>'],
  ['on several lines', '<result>\n  <code>\n 300 \n</code>\n  <message> no </message>\n</result>'],
])('a refusal in XML %s is read', (_what, text) => {
  expect(readErrorBody(text)).toMatchObject({ code: 300, message: 'no' });
});
