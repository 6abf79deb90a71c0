import { type KeyVerdict } from '../grants/store/key-check.js';
import { type Clock } from '../lib/clock.js';
import { type Logger } from '../lib/logger.js';

/** How long (ms) a verdict holds while the keys do not fit. */
const CHECK_EVERY_MS = 10_000;

/**
 * Whether this instance may serve with its key ring. It answers true for good once the ring has opened what is stored:
 * what another instance seals with a wrong key later must not take this one out of service. Until then it checks again
 * every ten seconds, and logs the ids of the keys that are missing. Rejects when the database is away.
 */
export function createKeyReadiness({
  check,
  clock,
  logger,
}: {
  check: () => Promise<KeyVerdict>;
  clock: Clock;
  logger: Logger;
}): () => Promise<boolean> {
  let isReady = false;
  let checkedAt: number | undefined;
  return async () => {
    const now = clock().getTime();
    if (isReady || (checkedAt !== undefined && Math.abs(now - checkedAt) < CHECK_EVERY_MS)) return isReady;
    const verdict = await check();
    checkedAt = now;
    isReady = verdict.kind === 'ok';
    if (verdict.kind === 'keys_missing') {
      const { missing, wrong } = verdict;
      logger.error(
        { missing, wrong },
        'TOKEN_ENCRYPTION_KEYS cannot open what is stored: give the missing keys back; not ready',
      );
    }
    return isReady;
  };
}
