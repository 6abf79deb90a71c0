import { inspect } from 'node:util';
import { Secret } from '../../../src/lib/secret.js';
import { recordingLogger } from '../../support/recording-logger.js';

const secret = new Secret('s3cr3t-value');

test.each<[string, () => string]>([
  // eslint-disable-next-line @typescript-eslint/restrict-template-expressions -- the mistake that is tested
  ['a template', () => `${secret}`],
  ['a concatenation', () => 'token: ' + String(secret)],
  ['JSON', () => JSON.stringify({ secret, list: [secret] })],
  ['inspection', () => inspect({ secret }, { depth: 9, showHidden: true })],
  ['an error message', () => new Error('failed with ' + String(secret)).message],
  ['its own properties', () => JSON.stringify(Object.entries(secret)) + Reflect.ownKeys(secret).join()],
  // eslint-disable-next-line @typescript-eslint/no-misused-spread -- the mistake that is tested
  ['a copy', () => JSON.stringify({ ...secret }) + inspect(structuredClone({ ...secret }))],
])('%s does not show the value', (_way, print) => {
  expect(print()).not.toContain('s3cr3t');
});

test('a log line does not show the value at any depth', () => {
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
