import { createMeeting as newMeeting } from '../../store/sandbox-meeting';
import { type ApiRoute } from '../api-route';
import { resolveUser } from '../users/resolve-user';
import { meetingParts } from './apply-meeting-input';
import { countDailyWrite } from './daily-write-limit';
import { meetingDetail } from './meeting-detail';
import { validateMeeting } from './validate-meeting';

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
