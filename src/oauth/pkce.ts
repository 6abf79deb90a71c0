import { createHash } from 'node:crypto';

/** `length` cryptographically random bytes. Injected, so that tests can foresee them. */
export type RandomBytes = (length: number) => Buffer;

/**
 * A code verifier of 43 characters with 256 bits of entropy.
 * @see RFC 7636 §4.1
 */
export function generateCodeVerifier(randomBytes: RandomBytes): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The S256 code challenge of a verifier.
 * @see RFC 7636 §4.2
 */
export function calculateCodeChallenge(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier, 'ascii').digest('base64url');
}
