import { randomBytes } from 'node:crypto';
import { calculateCodeChallenge, generateCodeVerifier } from '../../../src/oauth/pkce.js';

test('a verifier is 256 random bits in 43 unreserved characters', () => {
  const asked: number[] = [];
  const verifier = generateCodeVerifier((length) => {
    asked.push(length);
    return randomBytes(length);
  });
  expect(asked).toEqual([32]);
  expect(verifier).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test('two verifiers differ', () => {
  expect(generateCodeVerifier(randomBytes)).not.toBe(generateCodeVerifier(randomBytes));
});

test('a challenge is no longer than its hash and tells nothing of the verifier', () => {
  const verifier = generateCodeVerifier(randomBytes);
  expect(calculateCodeChallenge(verifier)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(calculateCodeChallenge(verifier)).not.toContain(verifier.slice(0, 8));
});
