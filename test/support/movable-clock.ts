import { type Clock } from '../../src/lib/clock.js';

/** The real clock with an offset that a test moves. */
export interface MovableClock extends Clock {
  advance(ms: number): void;
}

/** A clock that runs like the real one until it is moved. */
export function movableClock(): MovableClock {
  let offset = 0;
  return Object.assign(() => new Date(Date.now() + offset), {
    advance(ms: number) {
      offset += ms;
    },
  });
}
