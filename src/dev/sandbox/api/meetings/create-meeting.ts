import { createMeeting as newMeeting } from '../../store/meetings.js';
import { type ApiRoute } from '../api-route.js';
import { resolveUser } from '../users/resolve-user.js';
import { meetingParts } from './apply-meeting-input.js';
import { countDailyWrite } from './daily-write-limit.js';
import { meetingDetail } from './meeting-detail.js';
import { validateMeeting } from './validate-meeting.js';

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
