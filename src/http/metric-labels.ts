import { CALLBACK_REASONS } from '../grants/connect/callback-outcome.js';
import { type AuditEventType } from '../models/audit-event.js';
import { REFUSAL_CAUSES } from '../models/refresh-refusal.js';
import { TRANSIENT_CODES } from '../models/refresh-state.js';
import { DISCONNECT_REASONS } from '../models/user-oauth-token.js';

/** The kinds of Zoom's webhooks, and what is not one. */
export const WEBHOOK_OUTCOMES = [
  'url_validation',
  'app_deauthorized',
  'other_app',
  'unknown_user',
  'other',
  'refused',
  'unreadable',
];
/** The causes of events, where they are known in advance. An alert must see the first event of each. */
export const CAUSES: Partial<Record<AuditEventType, readonly string[]>> = {
  'grant.ended': DISCONNECT_REASONS,
  'refresh.failed': [...TRANSIENT_CODES, ...REFUSAL_CAUSES],
  'authorization.failed': [...CALLBACK_REASONS, 'ZOOM_APP_MISCONFIGURED'],
};
/** The kinds of Zoom's answers that are read with their oddities noted. */
export const READ_ANSWERS = [
  'token',
  'app token',
  'GET /users/{id}',
  'GET /users/{id}/meetings',
  'POST /users/{id}/meetings',
  'GET /meetings/{id}',
  'GET /users/{id}/recordings',
  'GET /meetings/{id}/recordings',
];
/** How waits for another instance's refresh end. */
export const LEASE_WAITS = ['adopted', 'acquired', 'gave_up'];
