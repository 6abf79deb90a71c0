/** What kind of meeting is planned. Instant meetings are started at Zoom, not planned. */
export type MeetingSchedule = 'SCHEDULED' | 'RECURRING_NO_FIXED_TIME' | 'RECURRING_FIXED_TIME';

/** Days of the week, in the order of Zoom's numbers 1 to 7. */
export const WEEKDAYS = [
  'SUNDAY',
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
] as const;

/** A value of {@link WEEKDAYS}. */
export type Weekday = (typeof WEEKDAYS)[number];

/** Weeks of a month with Zoom's numbers. */
export const MONTH_WEEKS = { FIRST: 1, SECOND: 2, THIRD: 3, FOURTH: 4, LAST: -1 } as const;

/** A key of {@link MONTH_WEEKS}. */
export type MonthWeek = keyof typeof MONTH_WEEKS;

/** How a series repeats. */
export interface Recurrence {
  repeat: 'DAILY' | 'WEEKLY' | 'MONTHLY';
  /** Every so many days, weeks or months. */
  interval?: number;
  /** The days of a weekly series; the one day of a monthly one that names a week. */
  weekdays?: Weekday[];
  dayOfMonth?: number;
  weekOfMonth?: MonthWeek;
  /** Ends after so many dates; or `endAt`. */
  endTimes?: number;
  endAt?: Date;
}

/** What is recorded by itself. */
export type AutoRecording = 'NONE' | 'LOCAL' | 'CLOUD';

/** Switches of a meeting; undefined: the host's own default. */
export interface MeetingSettings {
  waitingRoom?: boolean;
  joinBeforeHost?: boolean;
  muteUponEntry?: boolean;
  hostVideo?: boolean;
  participantVideo?: boolean;
  autoRecording?: AutoRecording;
}

/** What an update changes; undefined: as it was. */
export interface MeetingChanges {
  topic?: string;
  agenda?: string;
  startTime?: Date;
  timezone?: string;
  durationMinutes?: number;
  password?: string;
  recurrence?: Recurrence;
  settings?: MeetingSettings;
}

/** A meeting to be created. */
export interface NewMeeting extends MeetingChanges {
  topic: string;
  schedule: MeetingSchedule;
}
