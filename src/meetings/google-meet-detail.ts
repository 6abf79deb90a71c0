import { type HostedMeeting } from '../models/hosted-meeting.js';
import { type ZoomMeetingDetail } from '../zoom/meetings/meetings.js';

/** A Google Meet space in the words of Zoom's meetings. Google keeps an address; the rest is what was asked for. */
export function detailOf(row: HostedMeeting): ZoomMeetingDetail {
  return {
    id: row.meetingId,
    uuid: undefined,
    host_id: undefined,
    topic: row.topic,
    type: undefined,
    start_time: row.startTime?.toISOString(),
    duration: row.durationMinutes,
    timezone: row.timezone,
    created_at: row.createdAt.toISOString(),
    join_url: row.joinUrl,
    agenda: undefined,
    password: undefined,
    start_url: undefined,
    settings: undefined,
    occurrences: undefined,
  };
}
