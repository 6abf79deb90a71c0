import { type HostedMeeting } from '../models/hosted-meeting.js';
import { type ZoomMeetingDetail } from '../zoom/meetings/meeting-answer.js';

/** A Google Meet space in the shape of a Zoom meeting. Google stores only its address; the rest is the input. */
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
