import { type SandboxMeeting } from '../../store/meetings.js';
import { type ApiRoute } from '../api-route.js';
import { meetingParts } from './apply-meeting-input.js';
import { countDailyWrite } from './daily-write-limit.js';
import { findMeeting } from './find-meeting.js';
import { findOccurrence } from './find-occurrence.js';
import { validateMeeting } from './validate-meeting.js';

/** `PATCH /v2/meetings/{meetingId}`, or one date of a series with `occurrence_id`. */
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

function datesOf({ start_time, duration }: Pick<SandboxMeeting, 'start_time'> & { duration?: number }) {
  return { start_time, duration };
}
