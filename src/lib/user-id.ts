const LONGEST_USER_ID = 256;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Whether a text can be the id of a user of the platform: 1 to 256 UTF-16 code units, and well-formed. MongoDB replaces
 * a lone surrogate, so two ids that differ only in one would share a row. The claim `sub` and the argument `onBehalfOf`
 * obey this rule.
 */
export function isUserId(text: string): boolean {
  return text.length >= 1 && text.length <= LONGEST_USER_ID && !LONE_SURROGATE.test(text);
}
