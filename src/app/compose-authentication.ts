import { type CompleteConfig } from '../config/config.js';
import { type Authenticate, createAuthenticate } from '../http/authentication.js';
import { type Metrics } from '../http/metrics.js';
import { KEYS_TIMEOUT_MS } from '../http/published-keys.js';
import { createRefusalReport } from '../http/token-refusal.js';
import { type Clock } from '../lib/clock.js';
import { createFetch } from '../lib/http-client.js';
import { type Logger } from '../lib/logger.js';

/** Builds the verification of the platform's tokens; refused ones are counted and logged. */
export function composeAuthentication(
  { authentication, proxies }: Pick<CompleteConfig, 'authentication' | 'proxies'>,
  { metrics, logger, clock }: { metrics: Metrics; logger: Logger; clock: Clock },
): Authenticate {
  return createAuthenticate(authentication, {
    clock,
    fetch: createFetch({ keepAlive: false, timeoutMs: KEYS_TIMEOUT_MS, proxies }),
    onRefused: createRefusalReport({
      logger,
      clock,
      count: (reason) => {
        metrics.countRefusedToken(reason);
      },
    }),
    onKeysFailure: (err) => {
      logger.error({ err }, 'the keys at AUTH_JWKS_URL cannot be read; known keys stay valid for 24 hours');
    },
  });
}
