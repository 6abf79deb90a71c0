import { type SandboxMeeting } from '../../store/sandbox-meeting';
import { type ApiRoute } from '../api-route';
import { meetingParts } from './apply-meeting-input';
import { countDailyWrite } from './daily-write-limit';
import { findMeeting } from './find-meeting';
import { findOccurrence } from './find-occurrence';
import { validateMeeting } from './validate-meeting';

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
