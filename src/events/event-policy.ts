import { createHash } from 'node:crypto';
import { type Told } from '../models/announcement.js';
import { type Grant } from '../grants/grant.js';
import { grantStatus } from '../grants/grant-status.js';
import { exponentialBackoff } from '../lib/timing.js';

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** `changed`: the status is another now. `recovered`: it is if the connection had been given up before. */
export type Bearing = 'changed' | 'recovered';

const BEARINGS: Partial<Record<string, Bearing>> = {
  'grant.authorized': 'changed',
  'grant.ended': 'changed',
  'grant.superseded': 'changed',
  'grant.revoked': 'changed',
  // A write that came late heals what looked lost; every other refresh changes nothing that is told.
  'access_token.refreshed': 'recovered',
};

/** What an audit event of this type means for the status; undefined: nothing. */
export function bearingOf(eventType: string): Bearing | undefined {
  return BEARINGS[eventType];
}

/** What there is to tell of a connection, after what was told last; undefined: nothing new. */
export function newsOf(grant: Grant, told: Told | undefined, now: Date): Told | undefined {
  const { status, reason } = grantStatus(grant, now);
  const { since } = grant;
  const isKnown =
    told?.status === status && told.reason === reason && told.since.getTime() === since.getTime();
  return isKnown ? undefined : { status, ...(reason && { reason }), since };
}

/** A message as it is sent. */
export interface Message {
  /** The same for the same body: what a receiver recognises a repetition by. */
  id: string;
  body: string;
}

/**
 * The message of Standard Webhooks: `type`, `timestamp` (UTC, ISO 8601) and `data`. `sequence` counts the user's
 * messages from 1, so that a receiver can drop one that was overtaken.
 */
export function messageOf(userId: string, { status, reason, since }: Told, sequence: number): Message {
  const data = { userId, status, reason: reason ?? null, since, sequence };
  const body = JSON.stringify({ type: 'zoom_connection.changed', timestamp: since, data });
  return { id: `msg_${createHash('sha256').update(body).digest('base64url')}`, body };
}

/** When the next try is due after `attempts` without success: 5 s doubling to an hour, for as long as it takes. */
export function nextDeliveryAt(now: Date, attempts: number): Date {
  return new Date(now.getTime() + exponentialBackoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS, attempts));
}
