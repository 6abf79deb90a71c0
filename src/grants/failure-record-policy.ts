import { type AuditEvent } from '../models/audit-event.js';
import { type RecordedFailure } from '../models/refresh-state.js';

/** An outage would fill the audit trail otherwise: a grant in use fails once a minute. */
const RECORDED_EVERY_MS = 3_600_000;

/**
 * Whether the audit trail keeps this failure of a refresh: the first in a row, the first with another cause than the one
 * kept last, and then one an hour. The metrics and the log have them all, and the grant counts them.
 */
export function isKeptInTrail(
  former: RecordedFailure | undefined,
  { cause, occurredAt }: Pick<AuditEvent, 'cause' | 'occurredAt'>,
): boolean {
  if (!former || former.cause !== cause) return true;
  return occurredAt.getTime() - former.at.getTime() >= RECORDED_EVERY_MS;
}
