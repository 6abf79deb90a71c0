import { Arg, Args, Ctx, ID, Query, Resolver } from 'type-graphql';
import { listRecordings } from '../../zoom/recordings.js';
import { GraphQLContext } from '../context.js';
import { listCost, ZOOM_CALL } from '../query-cost.js';
import { OnBehalfOf, ZoomRecordingsArgs } from '../types/arguments.js';
import { type Connection, toConnection } from '../types/connection.js';
import { toZoomRecording, ZoomRecording, ZoomRecordingConnection } from '../types/zoom-recording.js';

@Resolver(() => ZoomRecording)
export class ZoomRecordingResolver {
  @Query(() => ZoomRecordingConnection, {
    complexity: listCost(ZOOM_CALL),
    description:
      "The connected user's cloud recordings of whole UTC days, the newest month first. Needs the scope cloud_recording:read:list_user_recordings. Recordings of meetings that the platform hosts are read one by one with zoomRecording.",
  })
  async zoomRecordings(
    @Ctx() context: GraphQLContext,
    @Args(() => ZoomRecordingsArgs) args: ZoomRecordingsArgs,
    @OnBehalfOf() onBehalfOf?: string,
  ): Promise<Connection<ZoomRecording>> {
    const zoom = context.zoomAs(onBehalfOf);
    return toConnection(await listRecordings(zoom, args, context.services.clock()), toZoomRecording);
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
    @OnBehalfOf() onBehalfOf?: string,
  ): Promise<ZoomRecording> {
    const { meetings } = context.services;
    return toZoomRecording(await meetings.recording(context.zoomCaller(onBehalfOf), meetingId));
  }
}
