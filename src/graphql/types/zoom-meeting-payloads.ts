import { Field, ID, ObjectType } from 'type-graphql';
import { type MeetingHost } from '../../models/hosted-meeting.js';
import { type FallbackReason } from '../../models/meeting-creation.js';
import { ZoomMeeting } from './zoom-meeting.js';
import { ZoomFallbackReason, ZoomMeetingHost } from './zoom-meeting-enums.js';

@ObjectType({ description: 'A created meeting and in whose account it is.' })
export class CreateZoomMeetingPayload {
  @Field(() => ZoomMeeting, { description: 'The meeting.' })
  meeting!: ZoomMeeting;

  @Field(() => ZoomMeetingHost, { description: 'In whose account it is.' })
  hostedBy!: MeetingHost;

  @Field(() => ZoomFallbackReason, {
    nullable: true,
    description: "Why it is not in the user's own account; null when it is.",
  })
  fallbackReason?: FallbackReason | undefined;
}

@ObjectType({ description: 'The meeting, or the one date of it, after the change.' })
export class UpdateZoomMeetingPayload {
  @Field(() => ZoomMeeting, {
    nullable: true,
    description:
      'The meeting as it is now; null when the change is made but the meeting could not be read again.',
  })
  meeting?: ZoomMeeting | undefined;
}

@ObjectType({ description: 'What is deleted now.' })
export class DeleteZoomMeetingPayload {
  @Field(() => ID, { description: 'The meeting, or the one whose date was deleted.' })
  meetingId!: string;

  @Field(() => ID, { nullable: true, description: 'The deleted date of a series.' })
  occurrenceId?: string | undefined;
}
