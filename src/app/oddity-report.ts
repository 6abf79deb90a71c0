import { type Logger } from '../lib/logger.js';
import { type OnOddity } from '../lib/oddities.js';

/** Enough for every field that is read, and a limit for names that the other side makes up. */
const MOST_LOGGED = 1_000;

/**
 * Reports parts of answers that are not as documented: counts each, and logs each field of a kind of answer once in the
 * life of the process, without its value.
 */
export function createOddityReport({
  logger,
  count,
}: {
  logger: Logger;
  count: (answer: string) => void;
}): OnOddity {
  const logged = new Set<string>();
  return ({ answer, field }) => {
    count(answer);
    const key = JSON.stringify([answer, field]);
    if (logged.has(key) || logged.size >= MOST_LOGGED) return;
    logged.add(key);
    logger.warn({ answer, field }, 'an answer is not as documented; the rest of it is used');
  };
}
