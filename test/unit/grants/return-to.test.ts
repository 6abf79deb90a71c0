import fc from 'fast-check';
import { AppError } from '../../../src/lib/errors.js';
import { LONGEST_RETURN_TO, resolveReturnTo } from '../../../src/grants/connect/return-to.js';

const policy = {
  allowedOrigins: ['https://app.example.com', 'http://localhost:3000'],
  defaultReturnTo: 'https://www.example.com/settings',
};

test('without a wish, the default', () => {
  expect(resolveReturnTo(undefined, policy)).toBe('https://www.example.com/settings');
});

test.each([
  ['https://app.example.com/settings?tab=zoom#top', 'https://app.example.com/settings?tab=zoom#top'],
  ['https://APP.example.com', 'https://app.example.com/'],
  ['https://app.example.com:443/x', 'https://app.example.com/x'],
  ['http://localhost:3000/', 'http://localhost:3000/'],
  ['https://www.example.com/elsewhere', 'https://www.example.com/elsewhere'],
  ['https:/\tapp.example.com/x', 'https://app.example.com/x'],
])('%s is allowed as %s', (wish, expected) => {
  expect(resolveReturnTo(wish, policy)).toBe(expected);
});

const FOREIGN = [
  'https://evil.example',
  'https://app.example.com.evil.example/',
  'https://evil.example/https://app.example.com',
  'https://app.example.com@evil.example/',
  'https://evil.example\\@app.example.com/',
  'https://app.example.com%2eevil.example/',
  'https://app.example.com:444/',
  'http://app.example.com/',
  'https://sub.app.example.com/',
  'https://user@app.example.com/',
  'https://:password@app.example.com/',
  'http://localhost:3001/',
  'http://127.0.0.1:3000/',
  'blob:https://app.example.com/0f3c',
  'javascript:alert(1)//https://app.example.com',
  'data:text/html,x',
  'file:///etc/passwd',
  '//app.example.com/',
  '/settings',
  '',
  'null',
];

test.each(FOREIGN)('%s is refused, and the argument named', (wish) => {
  const attempt = () => resolveReturnTo(wish, policy);
  expect(attempt).toThrow(AppError);
  expect(attempt).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT', details: { argument: 'input.returnTo' } }),
  );
});

test('whatever is wished, the browser ends at an allowed origin', () => {
  const allowed = new Set(['https://app.example.com', 'http://localhost:3000', 'https://www.example.com']);
  const pieces = fc.constantFrom(
    'https:',
    '//',
    '/',
    '\\',
    '@',
    'app.example.com',
    'evil.example',
    ':',
    '.',
    '%2e',
    '\t',
  );
  const wishes = fc.oneof(
    fc.webUrl(),
    fc.string(),
    fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(wishes, (wish) => {
      try {
        return allowed.has(new URL(resolveReturnTo(wish, policy)).origin);
      } catch (error) {
        return error instanceof AppError;
      }
    }),
    { numRuns: 300 },
  );
});

test('a refusal says what would be accepted', () => {
  expect(() => resolveReturnTo('/settings', policy)).toThrow('input.returnTo: must be an absolute URL');
  expect(() => resolveReturnTo('https://evil.example', policy)).toThrow(
    'one of the allowed: https://app.example.com, http://localhost:3000, https://www.example.com',
  );
});

test.each([
  ['letters', 'x'],
  ['letters that are percent-encoded', 'ü'],
])('an address of %s has at most 2,048 characters', (_what, letter) => {
  const base = 'https://app.example.com/';
  const length = new URL(base + letter).href.length - base.length;
  const letters = Math.floor((LONGEST_RETURN_TO - base.length) / length);
  expect(resolveReturnTo(base + letter.repeat(letters), policy).length).toBeLessThanOrEqual(
    LONGEST_RETURN_TO,
  );
  expect(() => resolveReturnTo(base + letter.repeat(letters + 1), policy)).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT', details: { argument: 'input.returnTo' } }),
  );
});
