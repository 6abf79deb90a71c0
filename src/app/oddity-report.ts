import { type Logger } from '../lib/logger.js';
import { type OnOddity } from '../lib/oddities.js';

/**
 * Counts each part of an answer that was not as documented, and logs each kind once in the life of the process: an
 * operator should know of it, and Zoom may send it a thousand times an hour.
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
    const kind = `${answer} ${field}`;
    if (logged.has(kind)) return;
    logged.add(kind);
    logger.warn({ answer, field }, 'an answer is not as documented; the rest of it is used');
  };
}
