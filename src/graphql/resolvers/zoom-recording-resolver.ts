import { GraphQLDate } from 'graphql-scalars';
import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { listRecordings } from '../../zoom/recordings.js';
import { GraphQLContext } from '../context.js';
import { listCost, ZOOM_CALL } from '../query-cost.js';
import {
  toRecordingConnection,
  toZoomRecording,
  ZoomRecording,
  ZoomRecordingConnection,
} from '../types/zoom-recording.js';
import { ON_BEHALF_OF } from './zoom-grant-resolver.js';

/** Cloud recordings. */
@Resolver(() => ZoomRecording)
export class ZoomRecordingResolver {
  @Query(() => ZoomRecordingConnection, {
    complexity: listCost(ZOOM_CALL),
    description:
      "The connected user's cloud recordings of whole UTC days, the newest month first. Needs the scope cloud_recording:read:list_user_recordings. Recordings of meetings that the platform hosts are read one by one with zoomRecording.",
  })
  async zoomRecordings(
    @Ctx() context: GraphQLContext,
    @Arg('from', () => GraphQLDate, {
      nullable: true,
      description: 'First day; default: so that the range has 30 days. Any number of months is fine.',
    })
    from: Date | undefined,
    @Arg('to', () => GraphQLDate, { nullable: true, description: 'Last day; default: today.' })
    to: Date | undefined,
    @Arg('first', () => Int, {
      defaultValue: 30,
      description:
        'At most this many, 1 to 300. A part may hold fewer, even none, and not be the last: `hasNextPage` tells.',
    })
    first: number,
    @Arg('after', () => String, {
      nullable: true,
      description: 'A cursor: only what follows it. Good for 15 minutes, with the same range.',
    })
    after?: string,
    @Arg('onBehalfOf', () => ID, { nullable: true, description: ON_BEHALF_OF }) onBehalfOf?: string,
  ): Promise<ZoomRecordingConnection> {
    const query = { from, to, first, after };
    const now = context.services.clock();
    return toRecordingConnection(await listRecordings(context.zoomAs(onBehalfOf), query, now));
  }

  @Query(() => ZoomRecording, {
    complexity: ZOOM_CALL,
    description:
      'The cloud recording of a meeting. Needs the scope cloud_recording:read:list_recording_files, and none for a meeting that the platform hosts for the user.',
  })
  async zoomRecording(
    @Ctx() context: GraphQLContext,
    @Arg('meetingId', () => ID, {
      description: 'A meeting number: its latest recorded instance; or the UUID of an instance.',
    })
    meetingId: string,
    @Arg('onBehalfOf', () => ID, { nullable: true, description: ON_BEHALF_OF }) onBehalfOf?: string,
  ): Promise<ZoomRecording> {
    const { meetings } = context.services;
    return toZoomRecording(await meetings.recording(context.zoomCaller(onBehalfOf), meetingId));
  }
}
