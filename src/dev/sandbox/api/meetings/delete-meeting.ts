import { type ApiRoute } from '../api-route.js';
import { findMeeting } from './find-meeting.js';
import { findOccurrence } from './find-occurrence.js';

/** `DELETE /v2/meetings/{meetingId}`: the whole series, or with `occurrence_id` one date, which stays listed as deleted. */
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
