import { registerEnumType } from 'type-graphql';
import { type MeetingHost } from '../../models/hosted-meeting.js';
import { FALLBACK_REASONS, type FallbackReason } from '../../models/meeting-creation.js';
import {
  type AutoRecording,
  type MeetingSchedule,
  MONTH_WEEKS,
  type MonthWeek,
  type Recurrence,
  type Weekday,
  WEEKDAYS,
} from '../../zoom/meetings/meeting-input.js';
import { type MeetingListType } from '../../zoom/meetings/meetings.js';

/** Which meetings to list; the values are Zoom's. */
export const ZoomMeetingListType = {
  SCHEDULED: 'scheduled',
  LIVE: 'live',
  UPCOMING: 'upcoming',
  UPCOMING_MEETINGS: 'upcoming_meetings',
  PREVIOUS_MEETINGS: 'previous_meetings',
} as const satisfies Record<string, MeetingListType>;

registerEnumType(ZoomMeetingListType, {
  name: 'ZoomMeetingListType',
  description: 'Which meetings to list. Zoom never lists instant meetings.',
  valuesConfig: {
    SCHEDULED: { description: 'All that are scheduled and not expired.' },
    LIVE: { description: 'Those running now.' },
    UPCOMING: { description: 'Those to come, and those running now.' },
    UPCOMING_MEETINGS: { description: 'Those to come, at most six months ahead.' },
    PREVIOUS_MEETINGS: { description: 'Those of the past six months.' },
  },
});

/** Zoom's kinds of meetings. */
export const ZoomMeetingType = {
  INSTANT: 'INSTANT',
  SCHEDULED: 'SCHEDULED',
  RECURRING_NO_FIXED_TIME: 'RECURRING_NO_FIXED_TIME',
  RECURRING_FIXED_TIME: 'RECURRING_FIXED_TIME',
  OTHER: 'OTHER',
} as const;

registerEnumType(ZoomMeetingType, {
  name: 'ZoomMeetingType',
  description: 'What kind of meeting it is.',
  valuesConfig: {
    INSTANT: { description: 'Started without being scheduled.' },
    SCHEDULED: { description: 'One meeting at a set time.' },
    RECURRING_NO_FIXED_TIME: { description: 'A room to come back to; it has no start time.' },
    RECURRING_FIXED_TIME: { description: 'A series.' },
    OTHER: { description: 'Another kind, such as a Google Meet space.' },
  },
});

/** What can be planned. */
export const ZoomMeetingSchedule: { [K in MeetingSchedule]: K } = {
  SCHEDULED: 'SCHEDULED',
  RECURRING_NO_FIXED_TIME: 'RECURRING_NO_FIXED_TIME',
  RECURRING_FIXED_TIME: 'RECURRING_FIXED_TIME',
};

registerEnumType(ZoomMeetingSchedule, {
  name: 'ZoomMeetingSchedule',
  description: 'What kind of meeting is planned.',
  valuesConfig: {
    SCHEDULED: { description: 'One meeting at `startTime`.' },
    RECURRING_NO_FIXED_TIME: { description: 'A room to come back to; it has no start time.' },
    RECURRING_FIXED_TIME: { description: 'A series that begins at `startTime` and repeats by `recurrence`.' },
  },
});

/** How often a series repeats. */
export const ZoomRecurrenceUnit: { [K in Recurrence['repeat']]: K } = {
  DAILY: 'DAILY',
  WEEKLY: 'WEEKLY',
  MONTHLY: 'MONTHLY',
};

registerEnumType(ZoomRecurrenceUnit, {
  name: 'ZoomRecurrenceUnit',
  description: 'How often a series repeats.',
  valuesConfig: {
    DAILY: { description: 'By days; `interval` up to 99.' },
    WEEKLY: { description: 'By weeks, on `weekdays`; `interval` up to 50.' },
    MONTHLY: { description: 'By months, on a day or on the day of a week; `interval` up to 10.' },
  },
});

/** Days of the week. */
export const ZoomWeekday = Object.fromEntries(WEEKDAYS.map((day) => [day, day])) as { [K in Weekday]: K };

registerEnumType(ZoomWeekday, {
  name: 'ZoomWeekday',
  description: 'A day of the week.',
  valuesConfig: Object.fromEntries(
    WEEKDAYS.map((day) => [day, { description: `${day.charAt(0)}${day.slice(1).toLowerCase()}.` }]),
  ),
});

/** Weeks of a month. */
export const ZoomMonthWeek = Object.fromEntries(Object.keys(MONTH_WEEKS).map((week) => [week, week])) as {
  [K in MonthWeek]: K;
};

registerEnumType(ZoomMonthWeek, {
  name: 'ZoomMonthWeek',
  description: 'A week of the month.',
  valuesConfig: Object.fromEntries(
    Object.keys(MONTH_WEEKS).map((week) => [
      week,
      { description: `The ${week.toLowerCase()} time the weekday comes in the month.` },
    ]),
  ),
});

/** What is recorded by itself. */
export const ZoomAutoRecording: { [K in AutoRecording]: K } = {
  NONE: 'NONE',
  LOCAL: 'LOCAL',
  CLOUD: 'CLOUD',
};

registerEnumType(ZoomAutoRecording, {
  name: 'ZoomAutoRecording',
  description: 'What is recorded without anybody asking.',
  valuesConfig: {
    NONE: { description: 'Nothing.' },
    LOCAL: { description: "On the host's computer; this API never sees it." },
    CLOUD: { description: 'At Zoom; needs a paid plan.' },
  },
});

/** In whose account a meeting is. */
export const ZoomMeetingHost: { [K in MeetingHost]: K } = {
  USER: 'USER',
  APP: 'APP',
  GOOGLE_MEET: 'GOOGLE_MEET',
};

registerEnumType(ZoomMeetingHost, {
  name: 'ZoomMeetingHost',
  description: 'In whose account a meeting is.',
  valuesConfig: {
    USER: { description: "The user's own Zoom account." },
    APP: { description: "The platform's Zoom account; the user owns the meeting here." },
    GOOGLE_MEET: { description: 'Google Meet, on behalf of the platform: an address, and no more.' },
  },
});

/** Why a meeting is not in the user's own account. */
export const ZoomFallbackReason = Object.fromEntries(FALLBACK_REASONS.map((code) => [code, code])) as {
  [K in FallbackReason]: K;
};

registerEnumType(ZoomFallbackReason, {
  name: 'ZoomFallbackReason',
  description: "Why a meeting could not be created in the user's own account: the error code of that try.",
  valuesConfig: {
    ZOOM_NOT_CONNECTED: { description: 'The user has not connected a Zoom account.' },
    ZOOM_REAUTHORIZATION_REQUIRED: {
      description: 'The connection has ended; the user has to connect again.',
    },
    ZOOM_SCOPE_MISSING: { description: 'The user did not grant meeting:write:meeting.' },
    ZOOM_PLAN_REQUIRED: { description: "The user's Zoom plan or account settings do not allow it." },
  },
});
