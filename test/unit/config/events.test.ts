import { inspect } from 'node:util';
import { type ConfigError, parseConfig } from '../../../src/config/config.js';
import { signingSecret } from '../../support/events-receiver.js';

const URL = 'https://platform.example.com/events?token=receivers-own';
const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;

const problemsOf = (env: Record<string, string>) => {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
};

test('nothing configured: nobody is told', () => {
  expect(parseConfig({}).events).toEqual({});
});

test('address and secrets are read, and unprintable', () => {
  const secrets = [signingSecret(), signingSecret()];
  const { events } = parseConfig({ EVENTS_WEBHOOK_URL: URL, EVENTS_WEBHOOK_SECRETS: secrets.join(', ') });
  expect(events.endpoint?.url.reveal()).toBe(URL);
  expect(events.endpoint?.secrets.map((secret) => secret.reveal())).toEqual(secrets);
  expect(inspect(events, { depth: 9 }) + JSON.stringify(events)).not.toMatch(/receivers-own|whsec_/);
});

test.each([
  [{ EVENTS_WEBHOOK_URL: URL }, 'EVENTS_WEBHOOK_SECRETS: is missing beside EVENTS_WEBHOOK_URL'],
  [
    { EVENTS_WEBHOOK_SECRETS: signingSecret() },
    'EVENTS_WEBHOOK_URL: is missing beside EVENTS_WEBHOOK_SECRETS',
  ],
  [
    { EVENTS_WEBHOOK_URL: 'http://platform.example.com/', EVENTS_WEBHOOK_SECRETS: signingSecret() },
    'EVENTS_WEBHOOK_URL: must be an https URL (http only for loopback)',
  ],
])('%j is refused: %s', (env, problem) => {
  expect(problemsOf(env)).toEqual([problem]);
});

test.each([
  ['without its prefix', Buffer.alloc(32).toString('base64')],
  ['too short', secretOf(23)],
  ['too long', secretOf(65)],
  ['not base64', 'whsec_?????????????????????????????????????????'],
  ['one of two', `${secretOf(32)},`],
])('a signing secret %s is refused, and not quoted', (_what, secrets) => {
  const problems = problemsOf({ EVENTS_WEBHOOK_URL: URL, EVENTS_WEBHOOK_SECRETS: secrets });
  expect(problems).toEqual([
    'EVENTS_WEBHOOK_SECRETS: must be whsec_ and the base64 of 24 to 64 bytes, comma separated',
  ]);
});

test.each([24, 32, 64])('a signing secret of %i bytes is taken', (bytes) => {
  expect(problemsOf({ EVENTS_WEBHOOK_URL: URL, EVENTS_WEBHOOK_SECRETS: secretOf(bytes) })).toEqual([]);
});
