import { GraphQLDate } from 'graphql-scalars';
import { Arg, ArgsType, Field, ID, Int } from 'type-graphql';
import { type MeetingListType } from '../../zoom/meetings/meetings.js';
import { ZoomMeetingListType } from './zoom-meeting-enums.js';

/** The argument `onBehalfOf`: the user to act for. `subjectOf` decides who may name whom. */
export function OnBehalfOf(): ReturnType<typeof Arg> {
  return Arg('onBehalfOf', () => ID, {
    nullable: true,
    description:
      'The user to act for. For callers with the role service or admin; everyone else acts for themselves.',
  });
}

/** The arguments of a list, which is read forward only (Relay). */
@ArgsType()
export class ForwardConnectionArgs {
  @Field(() => Int, { nullable: true, defaultValue: 50, description: 'At most this many, 1 to 300.' })
  first!: number;

  @Field(() => String, { nullable: true, description: 'A cursor: only what follows it.' })
  after?: string;
}

@ArgsType()
export class ZoomMeetingsArgs extends ForwardConnectionArgs {
  @Field(() => ZoomMeetingListType, {
    nullable: true,
    defaultValue: ZoomMeetingListType.UPCOMING,
    description: 'Which meetings.',
  })
  type!: MeetingListType;

  @Field(() => Int, { nullable: true, defaultValue: 30, description: 'At most this many, 1 to 300.' })
  override first!: number;

  @Field(() => String, {
    nullable: true,
    description: 'A cursor: only what follows it. Good for 15 minutes.',
  })
  override after?: string;
}

@ArgsType()
export class ZoomRecordingsArgs extends ForwardConnectionArgs {
  @Field(() => GraphQLDate, {
    nullable: true,
    description: 'First day; default: so that the range has 30 days. Any number of months is fine.',
  })
  from?: Date;

  @Field(() => GraphQLDate, { nullable: true, description: 'Last day; default: today.' })
  to?: Date;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 30,
    description:
      'At most this many, 1 to 300. A part may hold fewer, even none, and not be the last: `hasNextPage` tells.',
  })
  override first!: number;

  @Field(() => String, {
    nullable: true,
    description: 'A cursor: only what follows it. Good for 15 minutes, with the same range.',
  })
  override after?: string;
}
