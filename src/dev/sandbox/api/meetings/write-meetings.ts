import { createMeeting as newMeeting } from '../../store/meetings.js';
import { findMeeting, resolveUser } from '../access.js';
import { ApiError, type ApiRoute } from '../api-call.js';
import { countDailyWrite } from '../rate-limits.js';
import { validateMeeting } from './meeting-checks.js';
import { dateParts, meetingParts, usesPersonalRoom } from './meeting-input.js';
import { findOccurrence, meetingDetail, onDate } from './read-meetings.js';

/** `POST /v2/users/{userId}/meetings` */
export const createMeeting: ApiRoute = {
  method: 'POST',
  url: '/v2/users/:userId/meetings',
  scope: 'meeting:write:meeting',
  label: 'Light',
  handle(call) {
    const input = validateMeeting(call.request.body, 'POST');
    const host = resolveUser(call);
    countDailyWrite(call.state, host.id);
    const now = call.state.clock.now();
    const parts = meetingParts(input, host, {}, now);
    const room = usesPersonalRoom(input, host)
      ? { id: host.pmi, pmi: String(host.pmi), settings: { ...parts.settings, use_pmi: true } }
      : {};
    const meeting = newMeeting({ ...parts, ...room, host_id: host.id }, now);
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
    const input = validateMeeting(call.request.body, 'PATCH');
    const { meeting, host } = findMeeting(call);
    countDailyWrite(call.state, host.id);
    const occurrence = findOccurrence(call, meeting);
    const now = call.state.clock.now();
    if (occurrence) Object.assign(occurrence, dateParts(input, host, onDate(meeting, occurrence), now));
    else Object.assign(meeting, meetingParts(input, host, meeting, now));
    return call.reply.code(204).send();
  },
};

/**
 * `DELETE /v2/meetings/{meetingId}`: deletes the whole meeting or, with `occurrence_id`, one occurrence of a series.
 * A deleted occurrence stays in the list of occurrences, with the status `deleted`. A meeting that is in progress or has
 * ended cannot be deleted.
 */
export const deleteMeeting: ApiRoute = {
  method: 'DELETE',
  url: '/v2/meetings/:meetingId',
  scope: 'meeting:delete:meeting',
  label: 'Light',
  handle(call) {
    const { meeting } = findMeeting(call);
    const occurrence = findOccurrence(call, meeting);
    if (occurrence) {
      occurrence.status = 'deleted';
      return call.reply.code(204).send();
    }
    const refusal = 'Sorry, you cannot delete this meeting since it';
    if (meeting.status === 'started') throw new ApiError(400, 3002, `${refusal} is in progress.`);
    if (meeting.hasEnded) throw new ApiError(400, 3007, `${refusal} has ended.`);
    call.state.meetings.remove(meeting);
    return call.reply.code(204).send();
  },
};
