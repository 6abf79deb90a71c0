import { createHash } from 'node:crypto';
import { type DeliveredState } from '../models/connection-event.js';
import { type Grant } from '../grants/grant.js';
import { grantStatus } from '../grants/grant-status.js';
import { REFUSAL_CAUSES } from '../models/refresh-refusal.js';

/**
 * `changed`: the status or its reason may be different now. `recovered`: it changed only if an event has reported the
 * connection as ended or as refused.
 */
export type Effect = 'changed' | 'recovered';

const EFFECTS: Partial<Record<string, Effect>> = {
  'grant.authorized': 'changed',
  'grant.ended': 'changed',
  'grant.superseded': 'changed',
  'grant.revoked': 'changed',
  // The tokens of a refresh may be stored after the grant has been given up. Other refreshes change no status.
  // defence: late-write-is-reported
  'access_token.refreshed': 'recovered',
};

/** Refusals of a refresh become the reason of a connection in the end; other failures never do. */
const REFUSALS = new Set<string | undefined>(REFUSAL_CAUSES);

/** The effect of an audit event on the status; undefined: none. */
export function effectOf({ type, cause }: { type: string; cause?: string }): Effect | undefined {
  if (type === 'refresh.failed') return REFUSALS.has(cause) ? 'changed' : undefined;
  return EFFECTS[type];
}

/** The state to report next, if it differs from the one that was delivered last. */
export function undeliveredState(
  grant: Grant | undefined,
  delivered: DeliveredState | undefined,
  now: Date,
): DeliveredState | undefined {
  const { status, reason, since } = grantStatus(grant, now);
  if (status === 'NOT_CONNECTED' || !since) return undefined;
  const isDelivered =
    delivered?.status === status &&
    delivered.reason === reason &&
    delivered.since.getTime() === since.getTime();
  return isDelivered ? undefined : { status, ...(reason && { reason }), since };
}

/** An event as it is sent. */
export interface Message {
  /** Equal bodies have equal ids, so that a receiver recognises a repetition. */
  id: string;
  body: string;
}

/**
 * The message of Standard Webhooks: `type`, `timestamp` (UTC, ISO 8601) and `data`. `sequence` counts the user's
 * events from 1. A receiver drops an event that arrives after one with a higher number.
 */
export function messageOf(
  userId: string,
  { status, reason, since }: DeliveredState,
  sequence: number,
): Message {
  const data = { userId, status, reason: reason ?? null, since, sequence };
  const body = JSON.stringify({ type: 'zoom_connection.changed', timestamp: since, data });
  return { id: `msg_${createHash('sha256').update(body).digest('base64url')}`, body };
}
