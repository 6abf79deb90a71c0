import { type Occurrence, type SandboxMeeting } from '../../store/meetings.js';
import { validationFailed } from '../api-error.js';
import { type ApiCall } from '../api-route.js';

/** The date that `occurrence_id` names; undefined when the query names none. */
export function findOccurrence({ query }: ApiCall, meeting: SandboxMeeting): Occurrence | undefined {
  const id = query.get('occurrence_id');
  if (id === null) return undefined;
  const occurrence = meeting.occurrences?.find(({ occurrence_id }) => occurrence_id === id);
  if (!occurrence) throw validationFailed('occurrence_id');
  return occurrence;
}
