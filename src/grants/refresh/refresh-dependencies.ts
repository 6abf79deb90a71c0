import { type AuditLog } from '../../audit/audit-log';
import { type Clock } from '../../lib/clock';
import { type Logger } from '../../lib/logger';
import { type OAuthClient } from '../../oauth/oauth-client';
import { type GrantStore } from '../store/grant-store';
import { type RefreshStore } from '../store/refresh-store';
import { type Revocations } from '../disconnect/revocations';
import { type TokenCipher } from '../token-cipher';

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
