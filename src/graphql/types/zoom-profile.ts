import { GraphQLURL } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { type ZoomProfileBody } from '../../zoom/profile.js';
import { unionEnum } from './union-enum.js';
import { urlOrNothing } from './wire-values.js';

const ZoomUserType = unionEnum(
  'ZoomUserType',
  'The licence of a Zoom user, which decides what Zoom lets them do.',
  {
    BASIC: 'Free: meetings of 40 minutes, no cloud recordings.',
    LICENSED: 'Paid.',
    UNASSIGNED: 'Paid, without a meetings licence.',
    NONE: 'No licence at all.',
    OTHER: 'A kind this API does not know.',
  },
);

/** Zoom's numbers of the user types (docs/zoom-protocol.md §5.2). */
const USER_TYPES = new Map<number | undefined, keyof typeof ZoomUserType>([
  [1, 'BASIC'],
  [2, 'LICENSED'],
  [4, 'UNASSIGNED'],
  [99, 'NONE'],
]);

@ObjectType({ description: 'The connected Zoom user, read from Zoom now.' })
export class ZoomProfile {
  @Field(() => ID, { description: "Zoom's id of the user." })
  id!: string;

  @Field(() => String, { nullable: true, description: "Zoom's id of the organisation." })
  accountId?: string | undefined;

  @Field(() => String, { nullable: true, description: 'Email address; it can change, the id cannot.' })
  email?: string | undefined;

  @Field(() => String, { nullable: true, description: 'Given name.' })
  firstName?: string | undefined;

  @Field(() => String, { nullable: true, description: 'Family name.' })
  lastName?: string | undefined;

  @Field(() => String, { nullable: true, description: 'The name other participants see.' })
  displayName?: string | undefined;

  @Field(() => ZoomUserType, { description: 'The licence.' })
  type!: keyof typeof ZoomUserType;

  @Field(() => String, { nullable: true, description: 'IANA time zone; empty at Zoom for some users.' })
  timezone?: string | undefined;

  @Field(() => String, { nullable: true, description: 'Language tag, e.g. en-US.' })
  language?: string | undefined;

  @Field(() => GraphQLURL, { nullable: true, description: 'Picture.' })
  pictureUrl?: string | undefined;

  @Field(() => GraphQLURL, { nullable: true, description: 'Address of the personal meeting room.' })
  personalMeetingUrl?: string | undefined;
}

export function toZoomProfile(id: string, body: ZoomProfileBody): ZoomProfile {
  return {
    id,
    accountId: body.account_id,
    email: body.email,
    firstName: body.first_name,
    lastName: body.last_name,
    displayName: body.display_name,
    type: USER_TYPES.get(body.type) ?? 'OTHER',
    timezone: body.timezone,
    language: body.language,
    pictureUrl: urlOrNothing(body.pic_url),
    personalMeetingUrl: urlOrNothing(body.personal_meeting_url),
  };
}
