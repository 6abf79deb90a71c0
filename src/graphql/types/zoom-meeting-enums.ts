import { type MeetingHost } from '../../models/hosted-meeting.js';
import { type FallbackReason } from '../../models/meeting-creation.js';
import {
  type AutoRecording,
  type MeetingSchedule,
  type MonthWeek,
  type Recurrence,
  type Weekday,
} from '../../zoom/meetings/meeting-input.js';
import { type MeetingListType } from '../../zoom/meetings/meetings.js';
import { unionEnum } from './union-enum.js';

export const ZoomMeetingListType = unionEnum<MeetingListType>(
  'ZoomMeetingListType',
  'Which meetings to list. Zoom never lists instant meetings.',
  {
    scheduled: 'All that are scheduled and not expired.',
    live: 'Those running now.',
    upcoming: 'Those to come, and those running now.',
    upcoming_meetings: 'Those to come, at most six months ahead.',
    previous_meetings: 'Those of the past six months.',
  },
);

export const ZoomMeetingType = unionEnum('ZoomMeetingType', 'What kind of meeting it is.', {
  INSTANT: 'Started without being scheduled.',
  SCHEDULED: 'One meeting at a set time.',
  RECURRING_NO_FIXED_TIME: 'A room to come back to; it has no start time.',
  RECURRING_FIXED_TIME: 'A series.',
  OTHER: 'Another kind, such as a Google Meet space.',
});

export const ZoomMeetingSchedule = unionEnum<MeetingSchedule>(
  'ZoomMeetingSchedule',
  'What kind of meeting is planned.',
  {
    SCHEDULED: 'One meeting at `startTime`.',
    RECURRING_NO_FIXED_TIME: 'A room to come back to; it has no start time.',
    RECURRING_FIXED_TIME: 'A series that begins at `startTime` and repeats by `recurrence`.',
  },
);

export const ZoomRecurrenceUnit = unionEnum<Recurrence['repeat']>(
  'ZoomRecurrenceUnit',
  'How often a series repeats.',
  {
    DAILY: 'By days; `interval` up to 99.',
    WEEKLY: 'By weeks, on `weekdays`; `interval` up to 50.',
    MONTHLY: 'By months, on a day or on the day of a week; `interval` up to 10.',
  },
);

export const ZoomWeekday = unionEnum<Weekday>('ZoomWeekday', 'A day of the week.', {
  SUNDAY: 'Sunday.',
  MONDAY: 'Monday.',
  TUESDAY: 'Tuesday.',
  WEDNESDAY: 'Wednesday.',
  THURSDAY: 'Thursday.',
  FRIDAY: 'Friday.',
  SATURDAY: 'Saturday.',
});

export const ZoomMonthWeek = unionEnum<MonthWeek>('ZoomMonthWeek', 'A week of the month.', {
  FIRST: 'The first time the weekday comes in the month.',
  SECOND: 'The second time the weekday comes in the month.',
  THIRD: 'The third time the weekday comes in the month.',
  FOURTH: 'The fourth time the weekday comes in the month.',
  LAST: 'The last time the weekday comes in the month.',
});

export const ZoomAutoRecording = unionEnum<AutoRecording>(
  'ZoomAutoRecording',
  'What is recorded without anybody asking.',
  {
    NONE: 'Nothing.',
    LOCAL: "On the host's computer; this API never sees it.",
    CLOUD: 'At Zoom; needs a paid plan.',
  },
);

export const ZoomMeetingHost = unionEnum<MeetingHost>('ZoomMeetingHost', 'In whose account a meeting is.', {
  USER: "The user's own Zoom account.",
  APP: "The platform's Zoom account; the user owns the meeting here.",
  GOOGLE_MEET: 'Google Meet, on behalf of the platform: an address, and no more.',
});

export const ZoomFallbackReason = unionEnum<FallbackReason>(
  'ZoomFallbackReason',
  "Why a meeting could not be created in the user's own account: the error code of that try.",
  {
    ZOOM_NOT_CONNECTED: 'The user has not connected a Zoom account.',
    ZOOM_REAUTHORIZATION_REQUIRED: 'The connection has ended; the user has to connect again.',
    ZOOM_SCOPE_MISSING: 'The user did not grant meeting:write:meeting.',
    ZOOM_PLAN_REQUIRED: "The user's Zoom plan or account settings do not allow it.",
    ZOOM_NOT_ALLOWED: 'Zoom does not allow this user to do it.',
    ZOOM_NOT_FOUND: 'Zoom does not know the user any more.',
  },
);
