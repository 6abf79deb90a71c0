import { inspect } from 'node:util';
import fc from 'fast-check';
import { blankOut, Secret } from '../../../src/lib/secret.js';
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

describe('blanking out', () => {
  const token = new Secret('eyJhbGciOiJIUzUxMiJ9.c2VjcmV0LXBheWxvYWQ.c2lnbWF0dXJ5/+=');
  const value = token.reveal();

  test.each([
    ['the whole value', `Bad token ${value}!`, 'Bad token [secret]!'],
    ['a value at both ends', `${value} is not ${value}`, '[secret] is not [secret]'],
    ['a percent-encoded value', `at ${encodeURIComponent(value)}`, 'at [secret]'],
    ['the same in lower case', `at ${value.replace('/+=', '%2f%2b%3d')}`, 'at [secret]'],
    ['a JSON string', `{"t":${JSON.stringify(value)}}`, '{"t":"[secret]"}'],
    ['the beginning of the value', `Bad token ${value.slice(0, 18)}...`, 'Bad token [secret]...'],
    ['the end of the value', `...${value.slice(-12)}`, '...[secret]'],
    ['the middle of the value', `a ${value.slice(10, 30)} b`, 'a [secret] b'],
    ['eleven characters of the value', `a ${value.slice(0, 11)} b`, `a ${value.slice(0, 11)} b`],
    ['nothing of it', 'invalid_grant', 'invalid_grant'],
    ['an empty text', '', ''],
  ])('%s', (_what, text, expected) => {
    expect(blankOut(text, [token])).toBe(expected);
  });

  test('a form-encoded value with a blank is found', () => {
    expect(blankOut('at pass+word%21x', [new Secret('pass word!x')])).toBe('at [secret]');
  });

  test('short secrets are found whole, several at once, and an empty one nowhere', () => {
    const secrets = [new Secret('abc'), new Secret(''), new Secret('xyz12')];
    expect(blankOut('ab abc abc-xyz12 xyz1', secrets)).toBe('ab [secret] [secret]-[secret] xyz1');
  });

  test('no text shows a secret that was put into it', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(texts, texts, fc.stringMatching(/^[A-Za-z0-9._~+/-]{16,60}$/), (before, after, secret) => {
        const blanked = blankOut(before + secret + after, [new Secret(secret)]);
        for (let at = 0; at + 12 <= secret.length; at++)
          expect(blanked).not.toContain(secret.slice(at, at + 12));
      }),
    );
  });
});
