import { inspect } from 'node:util';
import { Secret } from '../../../src/lib/secret.js';
import { recordingLogger } from '../../support/recording-logger.js';

const secret = new Secret('s3cr3t-value');

test.each<[string, () => string]>([
  ['a template', () => `${secret}`],
  ['a concatenation', () => 'token: ' + String(secret)],
  ['JSON', () => JSON.stringify({ secret, list: [secret] })],
  ['inspection', () => inspect({ secret }, { depth: 9, showHidden: true })],
  ['an error message', () => new Error(`failed with ${secret}`).message],
  ['its own properties', () => JSON.stringify(Object.entries(secret)) + Reflect.ownKeys(secret).join()],
  ['a copy', () => JSON.stringify({ ...secret }) + inspect(structuredClone({ ...secret }))],
])('%s does not show the value', (_way, print) => {
  expect(print()).not.toContain('s3cr3t');
});

test('a log does not show the value, however deep it lies', () => {
  const { logger, text } = recordingLogger();
  logger.info(
    { secret, deep: { list: [secret] }, err: new Error('x', { cause: secret }) },
    'with %s',
    secret,
  );
  expect(text()).toContain('[secret]');
  expect(text()).not.toContain('s3cr3t');
});

test('reveal gives the value', () => {
  expect(secret.reveal()).toBe('s3cr3t-value');
});
