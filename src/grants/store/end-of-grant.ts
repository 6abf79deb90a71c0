import { type DisconnectReason } from '../../models/user-oauth-token.js';

/** What a grant loses when it ends: the tokens, and what only a connected grant needs. */
export const UNSET_AT_END = [
  'zoomAccessToken',
  'zoomRefreshToken',
  'zoomAccessTokenExpiry',
  'refreshTokenIssuedAt',
  'refreshLease',
  'refreshBackoff',
  'refreshRefusal',
  'recordedFailure',
  'unsettledAttempt',
  'unsettledAuthorization',
  // defence: contest-ends-with-its-tokens
  'contest',
];

/** What is known about the Zoom user. */
export const ZOOM_IDENTITY = ['zoomUserId', 'zoomEmail', 'zoomAccountId', 'zoomApiUrl'];

/** What goes when Zoom has ended the grant too, or has asked for it: also from where the user came. */
export const ERASED_WITH_ZOOM_USER = [...ZOOM_IDENTITY, 'deviceInfo'];

/** The stages of an update pipeline that end a grant. `at` is the time of the audit event (UTC). */
export function endStages(reason: DisconnectReason, at: Date): object[] {
  return [
    { $set: { /* defence: refused-grant-ends */ isActive: false, reason, since: { $literal: at } } },
    /* defence: ended-grant-keeps-no-tokens */ { $unset: UNSET_AT_END },
  ];
}
