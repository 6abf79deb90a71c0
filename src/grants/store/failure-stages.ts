import { type AuditEvent } from '../../models/audit-event.js';
import { addToOutbox } from './grant-outbox.js';
import { type FailedAttempt } from './refresh-lease.js';

/** The stages that record a failed refresh in the grant, and its event in the outbox if the trail keeps it. */
export function failureStages(
  { backoff, refusal }: FailedAttempt,
  event: AuditEvent,
  isKept: boolean,
): object[] {
  const recordedFailure = { cause: event.cause, at: event.occurredAt };
  const failed = {
    refreshBackoff: { $literal: backoff },
    ...(refusal && { refreshRefusal: { $literal: refusal } }),
    ...(isKept && { recordedFailure: { $literal: recordedFailure } }),
    refreshErrorCount: { $add: ['$refreshErrorCount', 1] },
  };
  return [{ $set: failed }, ...(isKept ? [addToOutbox(event)] : [])];
}
