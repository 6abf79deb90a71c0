/** Keys of this age (ms) are read again before they are used: a withdrawn key stops working within a minute. */
export const KEYS_MAX_AGE_MS = 60_000;
/** For how long (ms) since the last success known keys are used while the endpoint is away. */
export const KEYS_STALE_LIMIT_MS = 24 * 3_600_000;
/** The least time (ms) between two reads, so that tokens with invented key ids do not flood the platform. */
export const KEYS_COOLDOWN_MS = 30_000;

/** What is known of the platform's published keys. Times are in ms since the epoch. */
export interface KeysState {
  /** When the known keys were read; undefined: none are known. */
  readAt: number | undefined;
  /** When the last read ended, well or not. */
  triedAt: number | undefined;
  lastFailed: boolean;
}

/**
 * - `use`: look the key up in the known keys.
 * - `read`: read the keys, wait for that, then decide again.
 * - `read_in_background`: the same, but use the known keys meanwhile: the endpoint failed the last time.
 * - `unavailable`: nobody can tell whether the token is good.
 */
export type KeysDecision = 'use' | 'read' | 'read_in_background' | 'unavailable';

/** Decides how a token's key is found. `isKnown`: whether the known keys hold a key that fits the token. */
export function decideKeys(state: KeysState, now: number, isKnown: boolean): KeysDecision {
  const age = state.readAt === undefined ? Infinity : now - state.readAt;
  const isUsable = age < KEYS_STALE_LIMIT_MS;
  const mayRead = state.triedAt === undefined || now - state.triedAt >= KEYS_COOLDOWN_MS;
  if (!isUsable) return mayRead ? 'read' : 'unavailable';
  if (!isKnown) return mayRead ? 'read' : state.lastFailed ? 'unavailable' : 'use';
  if (age < KEYS_MAX_AGE_MS) return 'use';
  if (!mayRead) return 'use';
  return state.lastFailed ? 'read_in_background' : 'read';
}
