import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType, Int } from 'type-graphql';
import {
  type AutoRecording,
  type MeetingSchedule,
  type MonthWeek,
  type Recurrence,
  type Weekday,
} from '../../zoom/meetings/meeting-input.js';
import {
  ZoomAutoRecording,
  ZoomMeetingSchedule,
  ZoomMonthWeek,
  ZoomRecurrenceUnit,
  ZoomWeekday,
} from './zoom-meeting-enums.js';

@InputType({
  description: 'How a series repeats. It ends by `endTimes` or by `endAt`; without either it has no end.',
})
export class ZoomRecurrenceInput {
  @Field(() => ZoomRecurrenceUnit, { description: 'How often.' })
  repeat!: Recurrence['repeat'];

  @Field(() => Int, { nullable: true, defaultValue: 1, description: 'Every so many days, weeks or months.' })
  interval!: number;

  @Field(() => [ZoomWeekday], {
    nullable: true,
    description: 'The days of a weekly series; the one day that `weekOfMonth` is about.',
  })
  weekdays?: Weekday[];

  @Field(() => Int, { nullable: true, description: 'Monthly on this day, 1 to 31.' })
  dayOfMonth?: number;

  @Field(() => ZoomMonthWeek, { nullable: true, description: 'Monthly in this week, on `weekdays`.' })
  weekOfMonth?: MonthWeek;

  @Field(() => Int, { nullable: true, description: 'Ends after so many dates, 1 to 60; 0: no end.' })
  endTimes?: number;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Ends at this instant.' })
  endAt?: Date;
}

@InputType({ description: "Switches of a meeting. What is left out is as the host's own defaults have it." })
export class ZoomMeetingSettingsInput {
  @Field(() => Boolean, { nullable: true, description: 'Participants wait until the host lets them in.' })
  waitingRoom?: boolean;

  @Field(() => Boolean, { nullable: true, description: 'Participants may enter before the host.' })
  joinBeforeHost?: boolean;

  @Field(() => Boolean, { nullable: true, description: 'Participants enter muted.' })
  muteUponEntry?: boolean;

  @Field(() => Boolean, { nullable: true, description: "The host's camera is on at the start." })
  hostVideo?: boolean;

  @Field(() => Boolean, { nullable: true, description: "Participants' cameras are on when they enter." })
  participantVideo?: boolean;

  @Field(() => ZoomAutoRecording, { nullable: true, description: 'What is recorded by itself.' })
  autoRecording?: AutoRecording;
}

/** The fields that a creation and an update have in common. */
@InputType()
abstract class MeetingInput {
  @Field(() => String, {
    nullable: true,
    description: 'At most 2000 characters. An emoji counts as one, here and in the topic.',
  })
  agenda?: string;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description:
      'In the future. Not for a meeting without one. With `timezone` the dates of a series keep their local time when daylight saving time begins or ends.',
  })
  startTime?: Date;

  @Field(() => Int, { nullable: true, description: 'Planned length in minutes, 1 to 1440.' })
  durationMinutes?: number;

  @Field(() => String, {
    nullable: true,
    description: "IANA time zone it is planned in, e.g. Europe/Berlin; default: the host's own.",
  })
  timezone?: string;

  @Field(() => ZoomRecurrenceInput, { nullable: true, description: 'Only for a series.' })
  recurrence?: ZoomRecurrenceInput;

  @Field(() => ZoomMeetingSettingsInput, { nullable: true, description: 'Switches.' })
  settings?: ZoomMeetingSettingsInput;
}

@InputType({ description: 'A meeting to be created.' })
export class CreateZoomMeetingInput extends MeetingInput {
  @Field(() => String, { description: '1 to 200 characters.' })
  topic!: string;

  @Field(() => ZoomMeetingSchedule, {
    nullable: true,
    defaultValue: 'SCHEDULED',
    description: 'What kind of meeting.',
  })
  schedule!: MeetingSchedule;

  @Field(() => String, {
    nullable: true,
    description:
      "Passcode, 1 to 10 letters, digits and special characters such as ! @ #, without spaces; default: by the host's settings.",
  })
  password?: string;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description:
      "Whether the platform may host the meeting when the user's account cannot; false: an error instead.",
  })
  allowFallback!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'At most 128 characters. A repetition under the same key within 24 hours returns the first meeting. When the outcome of the first request is unknown the key is refused: look for the meeting, then use another.',
  })
  idempotencyKey?: string;
}

@InputType({
  description:
    'What is to be changed; what is left out stays. For one date of a series Zoom changes `agenda`, `startTime`, `durationMinutes` and `settings` only; another field together with `occurrenceId` is BAD_USER_INPUT.',
})
export class UpdateZoomMeetingInput extends MeetingInput {
  @Field(() => ID, { description: 'The meeting. Spaces and dashes in a meeting number are ignored.' })
  id!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'One date of a series: the `id` of an occurrence; default: all of it.',
  })
  occurrenceId?: string;

  @Field(() => String, { nullable: true, description: '1 to 200 characters.' })
  topic?: string;

  @Field(() => String, { nullable: true, description: 'Passcode, 1 to 10 of A-Z a-z 0-9 @ - _ *.' })
  password?: string;
}

@InputType({ description: 'What is to be deleted.' })
export class DeleteZoomMeetingInput {
  @Field(() => ID, { description: 'The meeting. Spaces and dashes in a meeting number are ignored.' })
  id!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'One date of a series: the `id` of an occurrence; default: all of it.',
  })
  occurrenceId?: string;
}
