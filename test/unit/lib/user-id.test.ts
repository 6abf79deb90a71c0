import fc from 'fast-check';
import { isUserId } from '../../../src/lib/user-id.js';

test.each([
  ['one character', 'u', true],
  ['256 characters', 'u'.repeat(256), true],
  ['a pair of surrogates', '\u{1F600}', true],
  ['a replacement character', '\ufffd', true],
  ['nothing', '', false],
  ['257 characters', 'u'.repeat(257), false],
  ['a lone high surrogate', 'x\ud800', false],
  ['a lone low surrogate', '\udfffx', false],
  ['surrogates in the wrong order', '\udc00\ud800', false],
])('%s: %p is a user id: %p', (_what, text, expected) => {
  expect(isUserId(text)).toBe(expected);
});

test('a text is a user id exactly if UTF-8 keeps it and its length fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.boolean(), (text, isCut) => {
      const id = isCut ? text.slice(0, -1) : text;
      const isKept = Buffer.from(id, 'utf8').toString('utf8') === id;
      expect(isUserId(id)).toBe(isKept && id.length >= 1 && id.length <= 256);
    }),
  );
});
