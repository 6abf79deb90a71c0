import { createHmac } from 'node:crypto';
import { Secret } from '../../../src/lib/secret.js';
import { answerChallenge, verifyWebhook, type WebhookSignature } from '../../../src/zoom/webhook.js';

const NOW = new Date('2026-01-15T12:00:00Z');
const SECRET = 'the secret token';
const BODY = '{"event":"app_deauthorized"}';
const secondsAway = (seconds: number) => `${NOW.getTime() / 1000 + seconds}`;
const signatureOf = (timestamp: string, { body = BODY, secret = SECRET } = {}) =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
const signed = (timestamp: string): WebhookSignature => ({ signature: signatureOf(timestamp), timestamp });
const verdictOn = (signature: WebhookSignature) =>
  verifyWebhook(Buffer.from(BODY), signature, new Secret(SECRET), NOW);

test.each([0, 300, -300])('a signed webhook of %i s from now is genuine', (seconds) => {
  expect(verdictOn(signed(secondsAway(seconds)))).toBe('genuine');
});

test.each([301, -301, -86_400])('a signed webhook of %i s from now is stale', (seconds) => {
  expect(verdictOn(signed(secondsAway(seconds)))).toBe('stale');
});

const timestamp = secondsAway(0);

test.each<[string, WebhookSignature]>([
  ['neither header', { signature: undefined, timestamp: undefined }],
  ['no signature', { signature: undefined, timestamp }],
  ['an empty signature', { signature: '', timestamp }],
  ['no timestamp', { signature: signatureOf(timestamp), timestamp: undefined }],
  ['a timestamp that is not in seconds', signed('2026-01-15T12:00:00Z')],
  ['a negative timestamp', signed('-5')],
  ['a timestamp of 13 digits', signed('1768478400000')],
])('a webhook with %s is unsigned', (_what, signature) => {
  expect(verdictOn(signature)).toBe('unsigned');
});

test.each([
  ['another secret', signatureOf(timestamp, { secret: 'another secret' })],
  ['another body', signatureOf(timestamp, { body: `${BODY} ` })],
  ['another timestamp', signatureOf(secondsAway(1))],
  ['another version', signatureOf(timestamp).replace('v0=', 'v1=')],
  ['a part of the signature', signatureOf(timestamp).slice(0, -1)],
])('a signature over %s is forged', (_what, signature) => {
  expect(verdictOn({ signature, timestamp })).toBe('forged');
});

test('a challenge is answered with the HMAC of its token', () => {
  expect(answerChallenge('abc', new Secret(SECRET))).toEqual({
    plainToken: 'abc',
    encryptedToken: createHmac('sha256', SECRET).update('abc').digest('hex'),
  });
});
