import { SCHEMA_VERSION } from '../../models/schema-version.js';
import { type SealedTokenSet } from '../token-set.js';
import { literals } from './new-grant.js';
import { type RefreshLease } from './refresh-lease.js';

/** Zoom redeems an authorization code for five minutes (docs/zoom-protocol.md §2). */
const AUTHORIZATION_CODE_LIFETIME_MS = 5 * 60_000;

/** The stages that take the lease, and with it the next fencing token, if it is free by the database's clock. */
export function leaseStages(owner: string, ttlMs: number, now: Date): object[] {
  const free = {
    $lte: [
      { $ifNull: ['$refreshLease.expiresAt', new Date(0)] },
      /* defence: lease-by-the-database-clock */ '$$NOW',
    ],
  };
  const lease = {
    owner: { $literal: owner },
    formerOwner: { $ifNull: ['$refreshLease.owner', null] },
    expiresAt: { $add: ['$$NOW', ttlMs] },
  };
  const isOurs = { $eq: ['$refreshLease.owner', { $literal: owner }] };
  const ifOurs = (value: unknown, field: string) => ({
    $set: { [field]: { $cond: [isOurs, value, `$${field}`] } },
  });
  return [
    { $set: { refreshLease: { $cond: [/* defence: lease-is-free */ free, lease, '$refreshLease'] } } },
    ifOurs({ $add: ['$refreshAttempt', 1] }, 'refreshAttempt'),
    // defence: first-unsettled-attempt-is-kept
    ifOurs({ $ifNull: ['$unsettledAttempt', '$refreshAttempt'] }, 'unsettledAttempt'),
    ifOurs({ $literal: now }, 'lastRefreshAttempt'),
  ];
}

/** The stages that store rotated tokens. They also connect a grant again that was given up meanwhile. */
export function rotationStages(
  { owner, fencingToken, formerOwnerSilent }: RefreshLease,
  tokens: SealedTokenSet,
  { now, isUse, leaseTtlMs }: { now: Date; isUse: boolean; leaseTtlMs: number },
): object[] {
  const isOurs = { $eq: ['$refreshLease.owner', { $literal: owner }] };
  const codeMayLive = {
    $gt: ['$unsettledAuthorization', { $literal: new Date(now.getTime() - AUTHORIZATION_CODE_LIFETIME_MS) }],
  };
  return [
    {
      $set: {
        ...literals(tokenFields(tokens, now)),
        tokenVersion: { $literal: fencingToken },
        // The unique index on the Zoom user compares rows of one version, and this write may connect the grant again.
        // defence: rotation-writes-the-version
        schemaVersion: SCHEMA_VERSION,
        refreshErrorCount: { $literal: 0 },
        ...(isUse && { lastUsedAt: { $literal: now } }),
        since: { $cond: ['$isActive', '$since', { $literal: now }] },
        // defence: late-write-heals
        isActive: { $literal: true },
        refreshLease: { $cond: [isOurs, '$$REMOVE', '$refreshLease'] },
        contest: contestAfter(
          fencingToken,
          now,
          formerOwnerSilent
            ? /* defence: contest-waits-for-a-dead-request */ new Date(now.getTime() + leaseTtlMs)
            : undefined,
        ),
        // Zoom may still redeem a young code, even after this answer.
        // defence: redemption-note-outlives-refresh
        unsettledAuthorization: { $cond: [codeMayLive, '$unsettledAuthorization', '$$REMOVE'] },
      },
    },
    // Nobody has used the new refresh token yet.
    {
      $unset: [
        'reason',
        'refreshBackoff',
        'recordedFailure',
        /* defence: stored-tokens-end-a-refusal */ 'refreshRefusal',
        /* defence: stored-tokens-end-a-doubt */ 'unsettledAttempt',
      ],
    },
  ];
}

/**
 * Whether the tokens of this attempt are contested once they are stored. They are when a later attempt has begun, which
 * Zoom may have answered later: one further refresh settles it at once. They are when an earlier mark covers this
 * attempt. And they are when the former owner of the lease fell silent: the request of a dead process may reach Zoom
 * after ours, so the further refresh waits until `settleAt`.
 */
function contestAfter(fencingToken: number, now: Date, settleAt: Date | undefined): object {
  const laterHasBegun = { $gt: ['$refreshAttempt', fencingToken] };
  const isMarked = { $gte: [{ $ifNull: ['$contest.upTo', 0] }, fencingToken] };
  // defence: silence-is-contested
  const afterSilence = settleAt ? { $literal: { upTo: fencingToken, settleAt } } : '$$REMOVE';
  const atOnce = { upTo: '$refreshAttempt', settleAt: { $literal: now } };
  // defence: late-write-is-contested
  return { $cond: [laterHasBegun, atOnce, { $cond: [isMarked, '$contest', afterSilence] }] };
}

function tokenFields(tokens: SealedTokenSet, now: Date): object {
  const { accessToken, accessTokenExpiry, refreshToken, grantedScopes, zoomApiUrl } = tokens;
  return {
    zoomAccessToken: accessToken,
    zoomAccessTokenExpiry: accessTokenExpiry,
    ...(refreshToken && { zoomRefreshToken: refreshToken, refreshTokenIssuedAt: now }),
    ...(grantedScopes?.length && { grantedScopes }),
    ...(zoomApiUrl && { zoomApiUrl }),
  };
}
