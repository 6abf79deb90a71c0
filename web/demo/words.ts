import { type Connection } from './graphql';

/** Heading of each status. */
export const STATUS_WORDS: Record<string, string> = {
  NOT_CONNECTED: 'Not connected',
  CONNECTED: 'Connected',
  REAUTHORIZATION_REQUIRED: 'Connect again',
  REVOKED: 'Disconnected',
};

const REASON_WORDS: Record<string, string> = {
  REVOKED_BY_USER: 'You disconnected it here.',
  DEAUTHORIZED_AT_ZOOM: 'The app was removed at Zoom.',
  REFRESH_TOKEN_REJECTED: 'Zoom no longer accepts the permission it gave.',
  REFRESH_TOKEN_EXPIRED: 'It was not used for 90 days.',
  ROTATION_LOST: 'We lost it through a fault on our side. Sorry.',
  BACKUP_RESTORED: 'We had to restore data. Sorry.',
  SUPERSEDED: 'Another user of this platform has connected the same Zoom account.',
  NO_REFRESH_TOKEN: 'Zoom gave access for a limited time, and that time is over.',
  SCOPES_CHANGED: 'The permissions that we ask for are not those that you gave.',
  REFRESH_REFUSED: 'Zoom has refused to renew it for a day or more.',
};

const CALLBACK_WORDS: Record<string, string> = {
  access_denied: 'You declined at Zoom. Nothing was connected.',
  state_expired: 'That took longer than ten minutes. Please connect again.',
  state_unknown: 'This return from Zoom was used already, or did not begin here. Please connect again.',
  browser_mismatch:
    'The return from Zoom arrived in another browser than the one that began. Please connect again.',
  exchange_failed: 'Zoom did not accept the answer. Please connect again.',
  zoom_unavailable: 'Zoom cannot be reached at the moment. Please try again later.',
  missing_scope: 'Connected, but a permission that is needed was left out.',
  restart: 'The app was installed from the Marketplace. Press Connect to link it to this user.',
};

/** The outcome of the callback, as a sentence. */
export function callbackSentence(zoom: string, reason: string | null): string {
  if (zoom === 'connected') return 'Zoom is connected.';
  return CALLBACK_WORDS[reason ?? ''] ?? 'Connecting did not work. Please try again.';
}

/** The state of the connection, as a sentence. */
export function connectionSentence(connection: Connection): string {
  const { status, reason, nextAction, zoomEmail, missingScopes } = connection;
  const why = REASON_WORDS[reason ?? ''] ?? '';
  switch (status) {
    case 'NOT_CONNECTED':
      return 'No Zoom account is connected yet.';
    case 'REAUTHORIZATION_REQUIRED':
      return `The connection has ended. ${why} Connect again to go on.`;
    case 'REVOKED':
      return `The connection was ended. ${why}`;
  }
  const account = `Connected to the Zoom account ${zoomEmail ?? 'of a user whose address Zoom does not tell'}.`;
  if (why)
    return nextAction === 'RECONNECT' ? `${account} ${why} Connect again to go on.` : `${account} ${why}`;
  if (nextAction === 'WAIT')
    return `${account} Zoom is not answering right now; there is nothing to do but wait.`;
  if (nextAction === 'CONTACT_SUPPORT')
    return `${account} Zoom refuses this server's own credentials; the operator has to act.`;
  if (nextAction === 'RECONNECT')
    return `${account} These permissions are missing: ${missingScopes.join(', ')}. Connect again to give them.`;
  return account;
}

const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** An instant as people read it, in their own time zone. */
export function pointInTime(iso: string): string {
  return dateTime.format(new Date(iso));
}
