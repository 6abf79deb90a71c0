import { type ApiRoute } from '../api-route.js';
import { findMeeting } from './find-meeting.js';
import { meetingDetail } from './meeting-detail.js';

/** `GET /v2/meetings/{meetingId}` */
export const getMeeting: ApiRoute = {
  method: 'GET',
  url: '/v2/meetings/:meetingId',
  scope: 'meeting:read:meeting',
  label: 'Light',
  handle(call) {
    const { meeting, host } = findMeeting(call);
    return meetingDetail(meeting, host);
  },
};
