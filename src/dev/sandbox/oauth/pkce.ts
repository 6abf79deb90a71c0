import { createHash } from 'node:crypto';
import { type AuthorizedCode } from '../store/pending-authorizations.js';

/**
 * Whether a verifier answers the challenge of a code; without a challenge, none is asked for.
 * @see RFC 7636 §4.6
 */
export function verifierMatches(code: AuthorizedCode, verifier: string | null): boolean {
  if (code.codeChallenge === undefined) return true;
  if (verifier === null) return false;
  const transformed =
    code.codeChallengeMethod === 'plain'
      ? verifier
      : createHash('sha256').update(verifier).digest('base64url');
  return transformed === code.codeChallenge;
}
