import { type AuditEvent } from '../../models/audit-event.js';
import { type AuthorizationRequest } from '../../models/authorization-request.js';
import { type ConnectionEvent } from '../../models/connection-event.js';
import { type HostedMeeting } from '../../models/hosted-meeting.js';
import { type MeetingCreation } from '../../models/meeting-creation.js';
import { type PendingRevocation } from '../../models/pending-revocation.js';
import { type UserOAuthToken } from '../../models/user-oauth-token.js';
import { type Models } from '../../models/database.js';

interface Documents {
  grants: UserOAuthToken;
  authorizationRequests: AuthorizationRequest;
  pendingRevocations: PendingRevocation;
  auditEvents: AuditEvent;
  connectionEvents: ConnectionEvent;
  hostedMeetings: HostedMeeting;
  meetingCreations: MeetingCreation;
}

/** The field by which the documents of a collection belong to a user of the platform. Each has an index. */
export const OWNER_FIELDS = {
  authorizationRequests: 'userId',
  pendingRevocations: 'userId',
  meetingCreations: 'userId',
  hostedMeetings: 'userId',
  grants: 'userId',
  connectionEvents: '_id',
  auditEvents: 'userId',
} as const satisfies { [K in keyof Models]: keyof Documents[K] };

/** The fields that an export holds: what is about the user. Sealed values, hashes and bookkeeping are left out. */
export const EXPORTED_FIELDS: { [K in keyof Models]: readonly (keyof Documents[K])[] } = {
  grants: [
    'userId',
    'zoomUserId',
    'zoomEmail',
    'zoomAccountId',
    'grantedScopes',
    'authorizedAt',
    'lastRefreshAttempt',
    'lastUsedAt',
    'isActive',
    'isRevoked',
    'revokedAt',
    'reason',
    'since',
    'deviceInfo',
  ],
  authorizationRequests: ['userId', 'returnTo', 'scopes', 'deviceInfo', 'expiresAt'],
  pendingRevocations: ['userId', 'zoomUserId', 'requestedAt'],
  auditEvents: [
    'userId',
    'occurredAt',
    'type',
    'actor',
    'cause',
    'zoomUserId',
    'meetingId',
    'deviceInfo',
    'correlationId',
    'zoomTrackingId',
    'expiresAt',
  ],
  connectionEvents: ['_id', 'delivered', 'sequence'],
  hostedMeetings: [
    'userId',
    'meetingId',
    'hostedBy',
    'createdAt',
    'expiresAt',
    'joinUrl',
    'topic',
    'startTime',
    'durationMinutes',
    'timezone',
  ],
  meetingCreations: ['userId', 'key', 'state', 'meetingId', 'hostedBy', 'fallbackReason', 'expiresAt'],
};
