import { GraphQLDateTime, GraphQLURL } from 'graphql-scalars';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { type MeetingListType, type ZoomMeetingBody } from '../../zoom/meetings';
import { type Slice } from '../../zoom/paging';
import { PageInfo, pageInfoOf } from './page-info';
import { urlOrNothing } from './zoom-profile';

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
    OTHER: { description: 'A kind this API does not know.' },
  },
});

const MEETING_TYPES = new Map<number | undefined, keyof typeof ZoomMeetingType>([
  [1, 'INSTANT'],
  [2, 'SCHEDULED'],
  [3, 'RECURRING_NO_FIXED_TIME'],
  [8, 'RECURRING_FIXED_TIME'],
]);

/** A meeting of the connected user. */
@ObjectType({ description: 'A meeting of the connected user, read from Zoom now.' })
export class ZoomMeeting {
  @Field(() => ID, { description: "Zoom's meeting number. A string: it exceeds 32 bits." })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Id of this instance of the meeting.' })
  uuid?: string;

  @Field(() => String, { nullable: true, description: "Zoom's id of the host." })
  hostId?: string;

  @Field(() => String, { nullable: true, description: 'Topic.' })
  topic?: string;

  @Field(() => ZoomMeetingType, { description: 'What kind of meeting it is.' })
  type!: keyof typeof ZoomMeetingType;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Start; null for a meeting without a fixed time.',
  })
  startTime?: Date;

  @Field(() => Int, { nullable: true, description: 'Planned length in minutes.' })
  durationMinutes?: number;

  @Field(() => String, { nullable: true, description: 'IANA time zone it was planned in.' })
  timezone?: string;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it was created.' })
  createdAt?: Date;

  @Field(() => GraphQLURL, {
    nullable: true,
    description: 'Address for participants. May hold the passcode.',
  })
  joinUrl?: string;

  @Field(() => String, { nullable: true, description: 'Agenda; Zoom cuts it at 250 characters in lists.' })
  agenda?: string;
}

/** An edge of {@link ZoomMeetingConnection}. */
@ObjectType({ description: 'A meeting and its place in the list.' })
export class ZoomMeetingEdge {
  @Field(() => String, { description: 'Opaque place in the list.' })
  cursor!: string;

  @Field(() => ZoomMeeting, { description: 'The meeting.' })
  node!: ZoomMeeting;
}

/** A part of the list of meetings (Relay). */
@ObjectType({ description: 'A part of the list of meetings, as Relay defines it.' })
export class ZoomMeetingConnection {
  @Field(() => [ZoomMeetingEdge], { description: 'The meetings.' })
  edges!: ZoomMeetingEdge[];

  @Field(() => PageInfo, { description: 'Where this part stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { nullable: true, description: 'Length of the whole list, as Zoom counts it.' })
  totalCount?: number;
}

/** Zoom's words as ours. */
export function toZoomMeeting(body: ZoomMeetingBody): ZoomMeeting {
  return {
    id: body.id,
    uuid: body.uuid,
    hostId: body.host_id,
    topic: body.topic,
    type: MEETING_TYPES.get(body.type) ?? 'OTHER',
    startTime: dateOrNothing(body.start_time),
    durationMinutes: body.duration,
    timezone: body.timezone,
    createdAt: dateOrNothing(body.created_at),
    joinUrl: urlOrNothing(body.join_url),
    agenda: body.agenda,
  };
}

/** A slice as a Relay connection. */
export function toMeetingConnection(slice: Slice<ZoomMeetingBody>): ZoomMeetingConnection {
  return {
    edges: slice.edges.map(({ cursor, node }) => ({ cursor, node: toZoomMeeting(node) })),
    pageInfo: pageInfoOf(slice),
    totalCount: slice.totalCount,
  };
}

function dateOrNothing(value: string | undefined): Date | undefined {
  const instant = new Date(value ?? NaN);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
