import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Canaries } from '../support/canaries.js';

/** The ways in which a secret is written down, as a client or a logger does it. */
const WRITINGS: Record<string, (secret: string, before: string, after: string) => string> = {
  plain: (secret, before, after) => before + secret + after,
  JSON: (secret, before, after) => JSON.stringify({ [before]: before + secret + after }),
  'a query': (secret, before, after) => new URLSearchParams({ a: before + secret + after }).toString(),
  'encodeURIComponent, in lower case': (secret, before, after) =>
    before + encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()) + after,
  base64: (secret, before, after) => Buffer.from(before + secret + after).toString('base64'),
  base64url: (secret, before, after) => Buffer.from(before + secret + after).toString('base64url'),
  'a Basic credential': (secret, before, after) =>
    `${before} Basic ${Buffer.from(`client:${secret}`).toString('base64')} ${after}`,
  hexadecimal: (secret, before, after) => before + Buffer.from(secret).toString('hex') + after,
};

const secret = fc.string({
  unit: fc.constantFrom(...Array.from(`abcXYZ019-_.~+/=%&@* "\\`)),
  minLength: 8,
  maxLength: 60,
});
const neighbour = fc.string({ maxLength: 20 });

describe('the search for canaries', () => {
  test.each(Object.keys(WRITINGS))(
    'finds a secret that is written as %s, whatever is around it',
    (writing) => {
      fc.assert(
        fc.property(secret, neighbour, neighbour, (value, before, after) => {
          const canaries = new Canaries();
          canaries.add('another', 'another-secret-of-the-run');
          canaries.add('the secret', value);
          const text = WRITINGS[writing]?.(value, before, after) ?? '';
          expect(canaries.find(text).map(({ name }) => name)).toContain('the secret');
        }),
      );
    },
  );

  test('finds nothing in a text without secrets', () => {
    const canaries = new Canaries();
    canaries.add('a secret', '0123456789abcdef');
    canaries.add('a short one', 'Qz8@Vw_4x*');
    expect(canaries.find('0123456789abcd, Qz8@Vw_4x')).toEqual([]);
  });
});
