/** The kinds of meeting that can be planned. Instant meetings are started at Zoom. */
export type MeetingSchedule = 'SCHEDULED' | 'RECURRING_NO_FIXED_TIME' | 'RECURRING_FIXED_TIME';

/** In the order of Zoom's numbers 1 to 7. */
export const WEEKDAYS = [
  'SUNDAY',
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Weeks of a month with Zoom's numbers. */
export const MONTH_WEEKS = { FIRST: 1, SECOND: 2, THIRD: 3, FOURTH: 4, LAST: -1 } as const;
export type MonthWeek = keyof typeof MONTH_WEEKS;

/** How a series repeats. It ends after `endTimes` dates or at `endAt`; without either, or with 0 dates, it has no end. */
export interface Recurrence {
  repeat: 'DAILY' | 'WEEKLY' | 'MONTHLY';
  /** In days, weeks or months; default 1. */
  interval?: number | undefined;
  /** The days of a weekly series. For a monthly series with `weekOfMonth`: its one day. */
  weekdays?: Weekday[] | undefined;
  dayOfMonth?: number | undefined;
  weekOfMonth?: MonthWeek | undefined;
  endTimes?: number | undefined;
  endAt?: Date | undefined;
}

/** Whether and where Zoom records a meeting automatically. */
export type AutoRecording = 'NONE' | 'LOCAL' | 'CLOUD';

/** Settings of a meeting. Undefined: the host's own default. */
export interface MeetingSettings {
  waitingRoom?: boolean | undefined;
  joinBeforeHost?: boolean | undefined;
  muteUponEntry?: boolean | undefined;
  hostVideo?: boolean | undefined;
  participantVideo?: boolean | undefined;
  autoRecording?: AutoRecording | undefined;
}

/** What an update changes. Undefined: unchanged. */
export interface MeetingChanges {
  topic?: string | undefined;
  agenda?: string | undefined;
  startTime?: Date | undefined;
  timezone?: string | undefined;
  durationMinutes?: number | undefined;
  password?: string | undefined;
  recurrence?: Recurrence | undefined;
  settings?: MeetingSettings | undefined;
}

/** A meeting to be created. */
export interface NewMeeting extends MeetingChanges {
  topic: string;
  schedule: MeetingSchedule;
}
