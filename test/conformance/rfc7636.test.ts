// RFC 7636, Proof Key for Code Exchange.
import { calculateCodeChallenge, generateCodeVerifier } from '../../src/oauth/pkce.js';

/** The 32 octets, the verifier and the challenge of Appendix B. */
const OCTETS = [
  116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
  240, 91, 88, 5, 88, 83, 132, 141, 121,
];
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

test('Appendix B: the octets become the verifier', () => {
  expect(generateCodeVerifier(() => Buffer.from(OCTETS))).toBe(VERIFIER);
});

test('Appendix B: the verifier becomes the challenge', () => {
  expect(calculateCodeChallenge(VERIFIER)).toBe(CHALLENGE);
});
