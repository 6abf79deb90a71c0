import { type RefreshRefusal } from '../../models/refresh-refusal.js';
import { type TransientCode } from '../../models/refresh-state.js';
import { type Grant } from '../grant.js';

/** The right to send one refresh request. */
export interface RefreshLease {
  owner: string;
  /** Increases with every attempt on this grant, on any instance. The new tokens are stored under it. */
  fencingToken: number;
  /** When the lease was asked for, by `performance.now()` (ms): it was granted no earlier. */
  askedAt: number;
  /** The grant as it stood when the lease was taken. */
  grant: Grant;
  /** The outcome of an earlier attempt with the same refresh token was never recorded. */
  earlierOutcomeUnknown: boolean;
  /** The former owner let its lease run out: it has died, or its write is still on its way. */
  formerOwnerSilent: boolean;
}

/** What a failed attempt leaves in the grant. */
export interface FailedAttempt {
  /** False when Zoom may have rotated the token all the same. */
  outcomeKnown: boolean;
  backoff?: { code: TransientCode; retryAt: Date };
  /** Zoom refused. Absent: a former refusal stays as it is. */
  refusal?: RefreshRefusal;
}
