import { type ApiRoute } from '../api-route';
import { findMeeting } from './find-meeting';
import { meetingDetail } from './meeting-detail';

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
