import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { listMeetings, type MeetingListType } from '../../zoom/meetings';
import { GraphQLContext } from '../context';
import {
  toMeetingConnection,
  ZoomMeeting,
  ZoomMeetingConnection,
  ZoomMeetingListType,
} from '../types/zoom-meeting';
import { ON_BEHALF_OF } from './zoom-grant-resolver';

/** The connected user's meetings. */
@Resolver(() => ZoomMeeting)
export class ZoomMeetingResolver {
  @Query(() => ZoomMeetingConnection, {
    description: "The connected user's meetings. Needs the scope meeting:read:list_meetings.",
  })
  async zoomMeetings(
    @Ctx() context: GraphQLContext,
    @Arg('type', () => ZoomMeetingListType, {
      defaultValue: ZoomMeetingListType.UPCOMING,
      description: 'Which meetings.',
    })
    type: MeetingListType,
    @Arg('first', () => Int, { defaultValue: 30, description: 'At most this many, 1 to 300.' }) first: number,
    @Arg('after', () => String, {
      nullable: true,
      description: 'A cursor: only what follows it. Good for 15 minutes.',
    })
    after?: string | null,
    @Arg('onBehalfOf', () => ID, { nullable: true, description: ON_BEHALF_OF }) onBehalfOf?: string,
  ): Promise<ZoomMeetingConnection> {
    const zoom = context.zoomAs(onBehalfOf);
    return toMeetingConnection(await listMeetings(zoom, { type, first, after: after ?? undefined }));
  }
}
