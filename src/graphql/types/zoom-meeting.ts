import { GraphQLDateTime, GraphQLURL } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { type ZoomMeetingBody, type ZoomMeetingDetail } from '../../zoom/meetings/meeting-answer.js';
import { partCost } from '../query-cost.js';
import { connectionOf } from './connection.js';
import { dateOrNothing, urlOrNothing } from './wire-values.js';
import { ZoomMeetingType } from './zoom-meeting-enums.js';
import {
  toOccurrence,
  toSettings,
  ZoomMeetingOccurrence,
  ZoomMeetingSettings,
} from './zoom-meeting-parts.js';

/** Zoom's numbers of the meeting types (docs/zoom-protocol.md §5.3). */
const MEETING_TYPES = new Map<number | undefined, keyof typeof ZoomMeetingType>([
  [1, 'INSTANT'],
  [2, 'SCHEDULED'],
  [3, 'RECURRING_NO_FIXED_TIME'],
  [8, 'RECURRING_FIXED_TIME'],
]);

@ObjectType({ description: 'A meeting, read from Zoom now.' })
export class ZoomMeeting {
  @Field(() => ID, { description: "Zoom's meeting number. A string: it exceeds 32 bits." })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Id of this instance of the meeting.' })
  uuid?: string | undefined;

  @Field(() => String, { nullable: true, description: "Zoom's id of the host." })
  hostId?: string | undefined;

  @Field(() => String, { nullable: true, description: 'Topic.' })
  topic?: string | undefined;

  @Field(() => ZoomMeetingType, { description: 'What kind of meeting it is.' })
  type!: keyof typeof ZoomMeetingType;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Start; null for a meeting without a fixed time.',
  })
  startTime?: Date | undefined;

  @Field(() => Int, { nullable: true, description: 'Planned length in minutes.' })
  durationMinutes?: number | undefined;

  @Field(() => String, { nullable: true, description: 'IANA time zone it was planned in.' })
  timezone?: string | undefined;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it was created.' })
  createdAt?: Date | undefined;

  @Field(() => GraphQLURL, {
    nullable: true,
    description: 'Address for participants. May hold the passcode.',
  })
  joinUrl?: string | undefined;

  @Field(() => String, { nullable: true, description: 'Agenda; Zoom cuts it at 250 characters in lists.' })
  agenda?: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Passcode that participants are asked for without `joinUrl`. Null in lists.',
  })
  password?: string | undefined;

  @Field(() => ZoomMeetingSettings, { nullable: true, description: 'Switches. Null in lists.' })
  settings?: ZoomMeetingSettings | undefined;

  @Field(() => [ZoomMeetingOccurrence], {
    nullable: true,
    complexity: partCost,
    description: 'The dates of a series. Null in lists and for other meetings.',
  })
  occurrences?: ZoomMeetingOccurrence[] | undefined;

  @Field(() => GraphQLURL, {
    nullable: true,
    description:
      'Signs whoever opens it in as the host: never pass it on or keep it. For the host in person alone; null for services and admins, for meetings the platform hosts, and in lists.',
  })
  startUrl?: string | undefined;
}

export const ZoomMeetingConnection = connectionOf(ZoomMeeting, {
  connection: 'A part of the list of meetings, as Relay defines it.',
  edges: 'The meetings.',
  edge: 'A meeting and its place in the list.',
  node: 'The meeting.',
  totalCount: 'Length of the whole list, as Zoom counts it.',
});

export function toZoomMeeting(body: ZoomMeetingBody): ZoomMeeting {
  return {
    id: body.id,
    uuid: body.uuid,
    hostId: body.host_id,
    topic: body.topic,
    type: MEETING_TYPES.get(body.type) ?? 'OTHER',
    startTime: dateOrNothing(body.start_time, body.timezone),
    durationMinutes: body.duration,
    timezone: body.timezone,
    createdAt: dateOrNothing(body.created_at, body.timezone),
    joinUrl: urlOrNothing(body.join_url),
    agenda: body.agenda,
  };
}

/** `showStartUrl`: whether the caller is the host. */
export function toMeetingDetail(body: ZoomMeetingDetail, showStartUrl: boolean): ZoomMeeting {
  return Object.assign(toZoomMeeting(body), {
    password: body.password,
    settings: body.settings && toSettings(body.settings),
    occurrences: body.occurrences?.map((occurrence) => toOccurrence(occurrence, body.timezone)),
    startUrl: showStartUrl ? urlOrNothing(body.start_url) : undefined,
  });
}
