import { type AuditEventType } from '../../models/audit-event.js';
import { type DisconnectReason } from '../../models/user-oauth-token.js';
import { type NextAction } from '../../grants/grant-status.js';

/** What each reason means, for the people of support. */
export const REASONS: Readonly<Record<DisconnectReason, string>> = {
  REVOKED_BY_USER: 'the user, or somebody for them, disconnected on this platform',
  DEAUTHORIZED_AT_ZOOM: 'the user, or an administrator of their Zoom account, removed the app at Zoom',
  REFRESH_TOKEN_REJECTED:
    'Zoom refused the refresh token and gave no cause; common causes are a removed app, a changed password or a deactivated user',
  REFRESH_TOKEN_EXPIRED: 'the connection was not used for 90 days',
  ROTATION_LOST:
    'a process of this server died after Zoom had replaced the tokens and before they were stored; the user has done nothing',
  BACKUP_RESTORED: 'a backup of the database was restored, and Zoom had replaced the tokens since',
  SUPERSEDED: 'another user of the platform connected the same Zoom account',
  NO_REFRESH_TOKEN: 'Zoom gave no refresh token, so the connection ended with its access token',
  SCOPES_CHANGED: 'the app asks for permissions that this grant does not hold',
  REFRESH_REFUSED: 'Zoom refuses to renew the access, but does not call the token dead',
};

/** What to do about it. */
export const ACTIONS: Readonly<Record<NextAction, string>> = {
  NONE: 'Nothing: the connection works.',
  CONNECT: 'Ask the user to connect.',
  RECONNECT: 'Ask the user to connect again.',
  WAIT: 'Wait: the server tries again by itself.',
  CONTACT_SUPPORT:
    'The operator has to act: look at the app in the Marketplace and at the client secret. The user can do nothing.',
};

/** What happened, as a part of a sentence. */
export const EVENTS: Readonly<Record<AuditEventType, string>> = {
  'authorization.started': 'went to Zoom to connect',
  'authorization.denied': 'declined at Zoom',
  'authorization.failed': 'came back from Zoom and could not be connected',
  'grant.authorized': 'was connected',
  'access_token.refreshed': 'tokens were replaced',
  'refresh.failed': 'a refresh failed, the connection stayed',
  'grant.ended': 'the connection ended, because Zoom does not accept it any more',
  'grant.superseded': 'the connection ended, because another user connected the same Zoom account',
  'grant.revoked': 'the connection was ended on purpose',
  'revocation.completed': 'Zoom was told of the end',
  'revocation.failed': 'Zoom could not be told of the end',
  'meeting.created': 'a meeting was created',
  'meeting.updated': 'a meeting was changed',
  'meeting.deleted': 'a meeting was deleted',
  'meeting.replaced': 'the host gave the number of a meeting to another meeting',
  'access.on_behalf': 'somebody else read or changed something for this user',
  'access.listed': 'this caller listed the connections of others',
};
