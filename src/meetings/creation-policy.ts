import { type AppError, badUserInput } from '../lib/errors.js';
import { type MeetingCreation } from '../models/meeting-creation.js';

/** What to do with a request whose idempotency key is already in use. */
export type CreationDecision = { kind: 'replay' } | { kind: 'wait' } | { kind: 'refuse'; error: AppError };

const ARGUMENT = 'input.idempotencyKey';

/**
 * Decides at `now`. If the outcome of the first request is unknown (its answer was lost, or its process died), the key
 * stays refused: another creation could make a second meeting, and no list at Zoom says which request made which
 * meeting. The caller looks for the meeting, and uses another key if there is none.
 * @param fingerprint of the request that asks.
 */
export function decideCreation(first: MeetingCreation, fingerprint: string, now: Date): CreationDecision {
  if (first.fingerprint !== fingerprint)
    return { kind: 'refuse', error: badUserInput(ARGUMENT, 'was used for a different meeting') };
  if (first.state === 'done') return { kind: 'replay' };
  if (first.state === 'in_progress' && first.presumedDeadAt > now) return { kind: 'wait' };
  const message =
    'belongs to a request whose outcome is unknown; look for its meeting, then use another key if there is none';
  return { kind: 'refuse', error: badUserInput(ARGUMENT, message) };
}
