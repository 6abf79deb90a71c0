import { createMeeting as newMeeting, type Occurrence, type SandboxMeeting } from '../../store/meetings.js';
import { findMeeting, resolveUser } from '../access.js';
import { type ApiCall, type ApiRoute, validationFailed } from '../api-call.js';
import { countDailyWrite } from '../rate-limits.js';
import { meetingParts, validateMeeting } from './meeting-input.js';
import { meetingDetail } from './read-meetings.js';

/** `POST /v2/users/{userId}/meetings` */
export const createMeeting: ApiRoute = {
  method: 'POST',
  url: '/v2/users/:userId/meetings',
  scope: 'meeting:write:meeting',
  label: 'Light',
  handle(call) {
    const input = validateMeeting(call.request.body);
    const host = resolveUser(call);
    countDailyWrite(call.state, host.id);
    const now = call.state.clock.now();
    const meeting = newMeeting({ ...meetingParts(input, host, {}, now), host_id: host.id }, now);
    call.state.meetings.addAll([meeting]);
    void call.reply.code(201);
    return meetingDetail(meeting, host);
  },
};

/** `PATCH /v2/meetings/{meetingId}`: changes the meeting or, with `occurrence_id`, one occurrence of a series. */
export const updateMeeting: ApiRoute = {
  method: 'PATCH',
  url: '/v2/meetings/:meetingId',
  scope: 'meeting:update:meeting',
  label: 'Light',
  handle(call) {
    const input = validateMeeting(call.request.body);
    const { meeting, host } = findMeeting(call);
    countDailyWrite(call.state, host.id);
    const occurrence = findOccurrence(call, meeting);
    const current = occurrence ? { ...meeting, ...datesOf(occurrence) } : meeting;
    const parts = meetingParts(input, host, current, call.state.clock.now());
    Object.assign(occurrence ?? meeting, occurrence ? datesOf(parts) : parts);
    return call.reply.code(204).send();
  },
};

function datesOf({ start_time, duration }: Pick<SandboxMeeting, 'start_time' | 'duration'>) {
  return { start_time, duration };
}

/**
 * `DELETE /v2/meetings/{meetingId}`: deletes the whole meeting or, with `occurrence_id`, one occurrence of a series.
 * A deleted occurrence stays in the list of occurrences, with the status `deleted`.
 */
export const deleteMeeting: ApiRoute = {
  method: 'DELETE',
  url: '/v2/meetings/:meetingId',
  scope: 'meeting:delete:meeting',
  label: 'Light',
  handle(call) {
    const { meeting } = findMeeting(call);
    const occurrence = findOccurrence(call, meeting);
    if (occurrence) occurrence.status = 'deleted';
    else call.state.meetings.remove(meeting);
    return call.reply.code(204).send();
  },
};

/** The occurrence with the `occurrence_id` of the query. Undefined if the query has none. */
function findOccurrence({ query }: ApiCall, meeting: SandboxMeeting): Occurrence | undefined {
  const id = query.get('occurrence_id');
  if (id === null) return undefined;
  const occurrence = meeting.occurrences?.find(({ occurrence_id }) => occurrence_id === id);
  if (!occurrence) throw validationFailed('occurrence_id');
  return occurrence;
}
