import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { type AutoRecording } from '../../zoom/meetings/meeting-input.js';
import { type ZoomMeetingDetail } from '../../zoom/meetings/meeting-answer.js';
import { unionEnum } from './union-enum.js';
import { dateOrNothing } from './wire-values.js';
import { ZoomAutoRecording } from './zoom-meeting-enums.js';

const ZoomOccurrenceStatus = unionEnum('ZoomOccurrenceStatus', 'Whether a date of a series takes place.', {
  AVAILABLE: 'It does.',
  DELETED: 'It was deleted; Zoom goes on listing it.',
  OTHER: 'A status this API does not know.',
});

@ObjectType({ description: 'One date of a series.' })
export class ZoomMeetingOccurrence {
  @Field(() => ID, { description: 'Names the date; good until the series is planned anew.' })
  id!: string;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Start.' })
  startTime?: Date | undefined;

  @Field(() => Int, { nullable: true, description: 'Planned length in minutes.' })
  durationMinutes?: number | undefined;

  @Field(() => ZoomOccurrenceStatus, { description: 'Whether it takes place.' })
  status!: keyof typeof ZoomOccurrenceStatus;
}

@ObjectType({ description: 'Switches of a meeting. Null where Zoom does not tell.' })
export class ZoomMeetingSettings {
  @Field(() => Boolean, { nullable: true, description: 'Participants wait until the host lets them in.' })
  waitingRoom?: boolean | undefined;

  @Field(() => Boolean, { nullable: true, description: 'Participants may enter before the host.' })
  joinBeforeHost?: boolean | undefined;

  @Field(() => Boolean, { nullable: true, description: 'Participants enter muted.' })
  muteUponEntry?: boolean | undefined;

  @Field(() => Boolean, { nullable: true, description: "The host's camera is on at the start." })
  hostVideo?: boolean | undefined;

  @Field(() => Boolean, { nullable: true, description: "Participants' cameras are on when they enter." })
  participantVideo?: boolean | undefined;

  @Field(() => ZoomAutoRecording, { nullable: true, description: 'What is recorded by itself.' })
  autoRecording?: AutoRecording | undefined;
}

/** `timeZone`: that of the meeting, for a time without a zone. */
export function toOccurrence(
  occurrence: NonNullable<ZoomMeetingDetail['occurrences']>[number],
  timeZone: string | undefined,
): ZoomMeetingOccurrence {
  const status = occurrence.status?.toUpperCase() ?? '';
  return {
    id: occurrence.occurrence_id,
    startTime: dateOrNothing(occurrence.start_time, timeZone),
    durationMinutes: occurrence.duration,
    status: isKeyOf(ZoomOccurrenceStatus, status) ? status : 'OTHER',
  };
}

export function toSettings(settings: NonNullable<ZoomMeetingDetail['settings']>): ZoomMeetingSettings {
  const autoRecording = settings.auto_recording?.toUpperCase() ?? '';
  return {
    waitingRoom: settings.waiting_room,
    joinBeforeHost: settings.join_before_host,
    muteUponEntry: settings.mute_upon_entry,
    hostVideo: settings.host_video,
    participantVideo: settings.participant_video,
    autoRecording: isKeyOf(ZoomAutoRecording, autoRecording) ? autoRecording : undefined,
  };
}

function isKeyOf<T extends object>(values: T, key: string): key is keyof T & string {
  return Object.hasOwn(values, key);
}
