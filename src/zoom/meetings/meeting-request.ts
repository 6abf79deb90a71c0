import {
  type MeetingChanges,
  type MeetingSchedule,
  type MeetingSettings,
  MONTH_WEEKS,
  type NewMeeting,
  type Recurrence,
  WEEKDAYS,
} from './meeting-input.js';
import { timeZoneName, unambiguousLocalTime } from './time-zone.js';

const TYPES: Record<MeetingSchedule, number> = {
  SCHEDULED: 2,
  RECURRING_NO_FIXED_TIME: 3,
  RECURRING_FIXED_TIME: 8,
};
const REPEATS: Record<Recurrence['repeat'], number> = { DAILY: 1, WEEKLY: 2, MONTHLY: 3 };
/** What Zoom reads as "no end" in `end_times`. */
const NO_END = 0;

/**
 * The body of a request that creates a meeting (docs/zoom-protocol.md §5.4). It always says `use_pmi: false`: by default
 * a host may have every meeting in the personal room, where the guests of all meetings would meet.
 */
export function toNewMeetingBody(meeting: NewMeeting): Record<string, unknown> {
  const body = toMeetingBody(meeting);
  return {
    type: TYPES[meeting.schedule],
    ...body,
    settings: { use_pmi: false, ...toSettingsBody(meeting.settings ?? {}) },
  };
}

/** The body of a request that changes a meeting (docs/zoom-protocol.md §5.4). JSON omits what is undefined. */
export function toMeetingBody(meeting: MeetingChanges): Record<string, unknown> {
  const { timezone } = meeting;
  return {
    topic: meeting.topic,
    agenda: meeting.agenda,
    start_time: meeting.startTime && startTimeOf(meeting.startTime, timezone),
    timezone: timezone && (timeZoneName(timezone) ?? timezone),
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
    end_times: rest.endTimes ?? (rest.endAt ? undefined : NO_END),
    end_date_time: rest.endAt && utcTime(rest.endAt),
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

/**
 * With a time zone: the local time there, so that a series stays at its hour when daylight saving time begins or ends.
 * Without one, and in the hour that the clock shows twice: UTC.
 */
function startTimeOf(startTime: Date, timezone: string | undefined): string {
  return (timezone && unambiguousLocalTime(startTime, timezone)) ?? utcTime(startTime);
}

/** UTC in whole seconds, as Zoom expects it. */
function utcTime(instant: Date): string {
  return instant.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** The fields of our input, by the names that Zoom has for them in the body or the query of a request. */
const INPUT_FIELDS: Record<string, string> = {
  type: 'schedule',
  topic: 'topic',
  agenda: 'agenda',
  start_time: 'startTime',
  timezone: 'timezone',
  duration: 'durationMinutes',
  password: 'password',
  occurrence_id: 'occurrenceId',
  recurrence: 'recurrence',
  'recurrence.type': 'recurrence.repeat',
  'recurrence.repeat_interval': 'recurrence.interval',
  'recurrence.weekly_days': 'recurrence.weekdays',
  'recurrence.monthly_day': 'recurrence.dayOfMonth',
  'recurrence.monthly_week': 'recurrence.weekOfMonth',
  'recurrence.monthly_week_day': 'recurrence.weekdays',
  'recurrence.end_times': 'recurrence.endTimes',
  'recurrence.end_date_time': 'recurrence.endAt',
  settings: 'settings',
  'settings.waiting_room': 'settings.waitingRoom',
  'settings.join_before_host': 'settings.joinBeforeHost',
  'settings.mute_upon_entry': 'settings.muteUponEntry',
  'settings.host_video': 'settings.hostVideo',
  'settings.participant_video': 'settings.participantVideo',
  'settings.auto_recording': 'settings.autoRecording',
};

/**
 * The GraphQL argument for a field that Zoom complains about, such as `input.recurrence.endTimes` for
 * `recurrence.end_times`. Zoom may leave out the object around a field, and may add indexes. Undefined for a field that
 * no input of ours sets.
 */
export function argumentOfField(field: string): string | undefined {
  const name = field.replace(/\[\w*\]|\.\d+(?=\.|$)/g, '').trim();
  const known = Object.keys(INPUT_FIELDS);
  const zoomName = known.includes(name) ? name : known.find((other) => other.endsWith(`.${name}`));
  return zoomName && `input.${INPUT_FIELDS[zoomName] ?? ''}`;
}
