import { type AppError, badUserInput } from '../lib/errors.js';
import { type MeetingCreation } from '../models/meeting-creation.js';

/** What to do with a request whose idempotency key has been used before. */
export type CreationDecision = { kind: 'replay' } | { kind: 'wait' } | { kind: 'refuse'; error: AppError };

const ARGUMENT = 'input.idempotencyKey';

/**
 * Decides at `now`. When the outcome of the first request is unknown (its answer was lost, its process died), the key
 * is refused for good: creating again could make two meetings of one, and no list at Zoom says whose request made
 * which. The caller looks, and takes another key if there is none.
 */
export function decideCreation(
  { state, fingerprint, presumedDeadAt }: MeetingCreation,
  asked: string,
  now: Date,
): CreationDecision {
  if (fingerprint !== asked)
    return { kind: 'refuse', error: badUserInput(ARGUMENT, 'was used for a different meeting') };
  if (state === 'done') return { kind: 'replay' };
  if (state === 'in_progress' && presumedDeadAt > now) return { kind: 'wait' };
  const message =
    'belongs to a request whose outcome is unknown; look for its meeting, then use another key if there is none';
  return { kind: 'refuse', error: badUserInput(ARGUMENT, message) };
}
