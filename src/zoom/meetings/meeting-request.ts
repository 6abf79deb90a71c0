import {
  type MeetingChanges,
  type MeetingSchedule,
  type MeetingSettings,
  MONTH_WEEKS,
  type NewMeeting,
  type Recurrence,
  WEEKDAYS,
} from './meeting-input.js';

const TYPES: Record<MeetingSchedule, number> = {
  SCHEDULED: 2,
  RECURRING_NO_FIXED_TIME: 3,
  RECURRING_FIXED_TIME: 8,
};
const REPEATS: Record<Recurrence['repeat'], number> = { DAILY: 1, WEEKLY: 2, MONTHLY: 3 };

/** The body of a create or update request (docs/zoom-protocol.md §5.4). JSON omits what is undefined. */
export function toMeetingBody(meeting: MeetingChanges | NewMeeting): Record<string, unknown> {
  return {
    ...('schedule' in meeting && { type: TYPES[meeting.schedule] }),
    topic: meeting.topic,
    agenda: meeting.agenda,
    start_time: zoomDateTime(meeting.startTime),
    timezone: meeting.timezone,
    duration: meeting.durationMinutes,
    password: meeting.password,
    recurrence: meeting.recurrence && toRecurrenceBody(meeting.recurrence),
    settings: meeting.settings && toSettingsBody(meeting.settings),
  };
}

function toRecurrenceBody({ repeat, weekdays, weekOfMonth, ...rest }: Recurrence): Record<string, unknown> {
  const days = weekdays?.map((day) => WEEKDAYS.indexOf(day) + 1);
  return {
    type: REPEATS[repeat],
    repeat_interval: rest.interval,
    weekly_days: repeat === 'WEEKLY' ? days?.join(',') : undefined,
    monthly_day: rest.dayOfMonth,
    monthly_week: weekOfMonth && MONTH_WEEKS[weekOfMonth],
    monthly_week_day: repeat === 'MONTHLY' ? days?.[0] : undefined,
    end_times: rest.endTimes,
    end_date_time: zoomDateTime(rest.endAt),
  };
}

function toSettingsBody(settings: MeetingSettings): Record<string, unknown> {
  return {
    waiting_room: settings.waitingRoom,
    join_before_host: settings.joinBeforeHost,
    mute_upon_entry: settings.muteUponEntry,
    host_video: settings.hostVideo,
    participant_video: settings.participantVideo,
    auto_recording: settings.autoRecording?.toLowerCase(),
  };
}

/** UTC in whole seconds, as Zoom expects it. */
function zoomDateTime(instant: Date | undefined): string | undefined {
  return instant?.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
