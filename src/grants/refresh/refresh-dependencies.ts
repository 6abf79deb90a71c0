import { type AuditLog } from '../../audit/audit-log.js';
import { type Clock } from '../../lib/clock.js';
import { type Logger } from '../../lib/logger.js';
import { type OAuthClient } from '../../oauth/oauth-client.js';
import { type GrantStore } from '../store/grant-store.js';
import { type RefreshStore } from '../store/refresh-store.js';
import { type Revocations } from '../disconnect/revocations.js';
import { type TokenCipher } from '../token-cipher.js';

/** What a refresh works with. */
export interface RefreshDependencies {
  grants: GrantStore;
  refreshes: RefreshStore;
  revocations: Revocations;
  oauth: OAuthClient;
  cipher: TokenCipher;
  audit: AuditLog;
  clock: Clock;
  /** A number from 0 to 1: spreads the retries of many grants. */
  jitter: () => number;
  logger: Logger;
}
