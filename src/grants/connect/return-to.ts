import { badUserInput } from '../../lib/errors.js';

/** Where the callback may send the browser. */
export interface ReturnToPolicy {
  /** Origins of frontends, in the spelling of `URL.origin`. */
  allowedOrigins: readonly string[];
  /** For a start that named no address, and for a callback without a start. */
  defaultReturnTo: string;
}

/** The longest address in characters, percent-encoded. Not every browser and proxy takes a longer `Location` header. */
export const LONGEST_RETURN_TO = 2_048;

/**
 * The address that the callback redirects to. Origins are compared after parsing, so no spelling can bypass the list.
 * @throws AppError `BAD_USER_INPUT` naming `input.returnTo`
 */
export function resolveReturnTo(returnTo: string | undefined, policy: ReturnToPolicy): string {
  if (returnTo === undefined) return policy.defaultReturnTo;
  if (!URL.canParse(returnTo)) throw badUserInput('input.returnTo', 'must be an absolute URL');
  const url = new URL(returnTo);
  if (url.href.length > LONGEST_RETURN_TO)
    throw badUserInput('input.returnTo', `must have at most ${LONGEST_RETURN_TO} characters`);
  const allowed = new Set([...policy.allowedOrigins, new URL(policy.defaultReturnTo).origin]);
  if (!/^https?:$/.test(url.protocol) || !allowed.has(url.origin) || url.username || url.password)
    throw badUserInput('input.returnTo', `its origin is not one of the allowed: ${[...allowed].join(', ')}`);
  return url.href;
}
