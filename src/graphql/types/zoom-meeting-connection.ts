import { Field, Int, ObjectType } from 'type-graphql';
import { type ZoomMeetingBody } from '../../zoom/meetings/meetings.js';
import { type Slice } from '../../relay/slice.js';
import { PageInfo, toConnection } from './page-info.js';
import { toZoomMeeting, ZoomMeeting } from './zoom-meeting.js';

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

/** A slice as a Relay connection. */
export function toMeetingConnection(slice: Slice<ZoomMeetingBody>): ZoomMeetingConnection {
  return toConnection(slice, toZoomMeeting);
}
