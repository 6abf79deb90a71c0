/** A repeatable source of chance: the same seed gives the same run (mulberry32). */
export interface SeededRandom {
  /** From 0 to 1. */
  next(): number;
  /** An integer from 0 to `below` - 1. */
  below(below: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** `count` different elements. */
  sample<T>(items: readonly T[], count: number): T[];
}

export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    sample: (items, count) => {
      const pool = [...items];
      return Array.from(
        { length: Math.min(count, pool.length) },
        () => pool.splice(below(pool.length), 1)[0] as never,
      );
    },
  };
}
