import { type AuditFacts } from '../../models/audit-event.js';
import { type Grant, type TransientCode } from '../grant.js';
import { type Sealed } from '../token-cipher.js';

/** The right to send one refresh, and the number that its result is stored under. */
export interface RefreshLease {
  owner: string;
  /** The version the new tokens get. Attempts are numbered without gaps going back, across all instances. */
  attempt: number;
  /** When it was asked for, by `performance.now()`, ms: it was granted no earlier. */
  askedAt: number;
  /** The grant as it stood when the lease was taken. */
  grant: Grant;
  /** An earlier attempt with the same refresh token left no record of its outcome. */
  earlierOutcomeUnknown: boolean;
  /** The first attempt with this refresh token whose outcome nobody recorded: this one, or an earlier one. */
  firstUnsettled: number;
  /** The former owner let its lease run out: it has died, or its write is still on its way. */
  formerOwnerSilent: boolean;
}

/** What a failure leaves behind. */
export interface SettledFailure {
  /** False when Zoom may have rotated the token all the same. */
  outcomeKnown: boolean;
  /** The attempt whose tokens the row holds by now. */
  landedAttempt?: number;
  backoff?: { code: TransientCode; retryAt: Date };
  event?: AuditFacts;
}

/** Rotated tokens, ready to be stored. */
export interface RotatedTokens {
  accessToken: Sealed;
  accessTokenExpiry: Date;
  /** Absent: the old one stays (RFC 6749 §6). */
  refreshToken?: Sealed;
  grantedScopes?: string[];
  zoomApiUrl?: string;
}
