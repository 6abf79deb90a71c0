import {
  decideKeys,
  KEYS_COOLDOWN_MS,
  KEYS_MAX_AGE_MS,
  type KeysDecision,
  type KeysState,
  KEYS_STALE_LIMIT_MS,
} from '../../../src/http/published-keys-policy.js';

const NOW = 1_000_000_000_000;
/** Keys that were read so long ago; the last try, and whether it failed. */
const state = (
  readAgo: number | undefined,
  triedAgo: number | undefined,
  lastFailed: boolean,
): KeysState => ({
  readAt: readAgo === undefined ? undefined : NOW - readAgo,
  triedAt: triedAgo === undefined ? undefined : NOW - triedAgo,
  lastFailed,
});
const [AGE, PAUSE, LIMIT] = [KEYS_MAX_AGE_MS, KEYS_COOLDOWN_MS, KEYS_STALE_LIMIT_MS];

test.each<[string, KeysState, boolean, KeysDecision]>([
  ['nothing was ever read', state(undefined, undefined, false), true, 'read'],
  ['the first read has just failed', state(undefined, PAUSE - 1, true), true, 'unavailable'],
  ['the first read failed a while ago', state(undefined, PAUSE, true), true, 'read'],
  ['the keys are fresh', state(0, 0, false), true, 'use'],
  ['the keys are almost old', state(AGE - 1, AGE - 1, false), true, 'use'],
  ['the keys are old', state(AGE, AGE, false), true, 'read'],
  ['the keys are old and the endpoint has just failed', state(AGE, PAUSE - 1, true), true, 'use'],
  [
    'the keys are old and the endpoint failed a while ago',
    state(AGE, PAUSE, true),
    true,
    'read_in_background',
  ],
  ['the keys are almost a day old', state(LIMIT - 1, PAUSE, true), true, 'read_in_background'],
  ['the keys are a day old', state(LIMIT, PAUSE, true), true, 'read'],
  [
    'the keys are a day old and the endpoint has just failed',
    state(LIMIT, PAUSE - 1, true),
    true,
    'unavailable',
  ],
  ['the key is unknown and the keys are fresh', state(PAUSE - 1, PAUSE - 1, false), false, 'use'],
  ['the key is unknown and the last read is a while ago', state(PAUSE, PAUSE, false), false, 'read'],
  ['the key is unknown and the endpoint has just failed', state(AGE, PAUSE - 1, true), false, 'unavailable'],
  ['the key is unknown and the endpoint failed a while ago', state(AGE, PAUSE, true), false, 'read'],
])('when %s', (_what, keys, isKnown, expected) => {
  expect(decideKeys(keys, NOW, isKnown)).toBe(expected);
});

test('a withdrawn key stops working within a minute, and known keys outlast an outage of a day', () => {
  expect(KEYS_MAX_AGE_MS).toBeLessThanOrEqual(60_000);
  expect(KEYS_STALE_LIMIT_MS).toBe(24 * 3_600_000);
});
