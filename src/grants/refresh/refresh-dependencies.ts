import { type AuditLog } from '../../audit/audit-log.js';
import { type Clock } from '../../lib/clock.js';
import { type Logger } from '../../lib/logger.js';
import { type OAuthClient } from '../../oauth/oauth-client.js';
import { type Revocations } from '../disconnect/revocations.js';
import { type GrantStore } from '../store/grant-store.js';
import { type RefreshStore } from '../store/refresh-store.js';
import { type TokenCipher } from '../token-cipher.js';

/** Why a refresh was necessary, as the audit trail names it. */
export type RefreshCause = 'EXPIRY' | 'TOKEN_REJECTED' | 'USER_REQUEST' | 'KEEP_ALIVE' | 'CONTESTED';

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
  /** When a backup of the database was restored last: it explains refusals of older tokens. */
  restoredAt?: Date | undefined;
  /** Called for each refusal that does not end the grant. `isLasting`: refusals have been repeated for a day or more. */
  onRefusal?: (refusal: { isLasting: boolean }) => void;
}
