import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { type CreatedMeeting } from '../../meetings/meeting-creator.js';
import { meetingIdOf } from '../../zoom/meetings/meeting-key.js';
import { listMeetings } from '../../zoom/meetings/meetings.js';
import { mayStart } from '../../zoom/meetings/start-url.js';
import { GraphQLContext } from '../context.js';
import { listCost, ZOOM_CALL } from '../query-cost.js';
import { OnBehalfOf, ZoomMeetingsArgs } from '../types/arguments.js';
import { type Connection, toConnection } from '../types/connection.js';
import { toMeetingDetail, toZoomMeeting, ZoomMeeting, ZoomMeetingConnection } from '../types/zoom-meeting.js';
import {
  CreateZoomMeetingInput,
  DeleteZoomMeetingInput,
  UpdateZoomMeetingInput,
} from '../types/zoom-meeting-input.js';
import {
  CreateZoomMeetingPayload,
  DeleteZoomMeetingPayload,
  UpdateZoomMeetingPayload,
} from '../types/zoom-meeting-payloads.js';

@Resolver(() => ZoomMeeting)
export class ZoomMeetingResolver {
  @Query(() => ZoomMeetingConnection, {
    complexity: listCost(ZOOM_CALL),
    description: "The connected user's meetings. Needs the scope meeting:read:list_meetings.",
  })
  async zoomMeetings(
    @Ctx() context: GraphQLContext,
    @Args(() => ZoomMeetingsArgs) args: ZoomMeetingsArgs,
    @OnBehalfOf() onBehalfOf?: string,
  ): Promise<Connection<ZoomMeeting>> {
    const zoom = context.zoomAs(onBehalfOf);
    return toConnection(await listMeetings(zoom, args), toZoomMeeting);
  }

  @Query(() => ZoomMeeting, {
    complexity: ZOOM_CALL,
    description:
      "One meeting, or one date of a series: of the connected user, or hosted by the platform for the user. Needs the scope meeting:read:meeting for the user's own.",
  })
  async zoomMeeting(
    @Ctx() context: GraphQLContext,
    @Arg('id', () => ID, {
      description:
        'The meeting number, or the UUID of an instance. Spaces and dashes in a meeting number are ignored.',
    })
    id: string,
    @Arg('occurrenceId', () => ID, {
      nullable: true,
      description: 'One date of a series, with its own agenda, time and settings; default: the series.',
    })
    occurrenceId?: string,
    @OnBehalfOf() onBehalfOf?: string,
  ): Promise<ZoomMeeting> {
    const { meetings } = context.services;
    const found = await meetings.read(context.zoomCaller(onBehalfOf), { id, occurrenceId });
    return present(context, found, onBehalfOf);
  }

  @Mutation(() => CreateZoomMeetingPayload, {
    complexity: ZOOM_CALL,
    description:
      "Creates a meeting in the user's own Zoom account (scope meeting:write:meeting). When that account cannot host it, the platform does, unless told not to: in its own Zoom account, else at Google Meet. An outage or a rate limit is no reason to fall back, and a request whose answer was lost is not repeated: the error says outcomeUnknown.",
  })
  async createZoomMeeting(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CreateZoomMeetingInput, { description: 'The meeting.' })
    input: CreateZoomMeetingInput,
    @OnBehalfOf() onBehalfOf?: string,
  ): Promise<CreateZoomMeetingPayload> {
    const { allowFallback, idempotencyKey, schedule, ...fields } = input;
    const created = await context.services.meetings.create(context.zoomCaller(onBehalfOf), {
      meeting: { ...fields, schedule },
      allowFallback,
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    });
    const { hostedBy, fallbackReason } = created;
    return { meeting: await present(context, created, onBehalfOf), hostedBy, fallbackReason };
  }

  @Mutation(() => UpdateZoomMeetingPayload, {
    complexity: ZOOM_CALL,
    description:
      "Changes a meeting, or one date of a series. Once Zoom has changed it there is no error. Needs the scope meeting:update:meeting for the user's own meetings.",
  })
  async updateZoomMeeting(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => UpdateZoomMeetingInput, { description: 'The meeting, and what changes.' })
    input: UpdateZoomMeetingInput,
    @OnBehalfOf() onBehalfOf?: string,
  ): Promise<UpdateZoomMeetingPayload> {
    const { id, occurrenceId, ...changes } = input;
    const caller = context.zoomCaller(onBehalfOf);
    const updated = await context.services.meetings.update(caller, { id, occurrenceId }, changes);
    return { meeting: updated && (await present(context, updated, onBehalfOf)) };
  }

  @Mutation(() => DeleteZoomMeetingPayload, {
    complexity: ZOOM_CALL,
    description:
      "Deletes a meeting, or one date of a series. Deleting what is gone is a success too. Needs the scope meeting:delete:meeting for the user's own meetings. A Google Meet space is forgotten here; Google cannot delete it.",
  })
  async deleteZoomMeeting(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => DeleteZoomMeetingInput, { description: 'The meeting.' })
    input: DeleteZoomMeetingInput,
    @OnBehalfOf() onBehalfOf?: string,
  ): Promise<DeleteZoomMeetingPayload> {
    await context.services.meetings.delete(context.zoomCaller(onBehalfOf), input);
    return { meetingId: meetingIdOf(input.id), occurrenceId: input.occurrenceId };
  }
}

/** After a change at Zoom nothing may fail here: without the connection, `startUrl` is left out. */
async function present(
  context: GraphQLContext,
  { meeting, hostedBy }: CreatedMeeting,
  onBehalfOf: string | undefined,
): Promise<ZoomMeeting> {
  const subject = context.subject(onBehalfOf);
  const grant =
    hostedBy === 'USER' ? await context.loaders.grants.load(subject).catch(() => undefined) : undefined;
  const showStartUrl = mayStart({
    callerId: context.caller.userId,
    readAs: grant && subject,
    zoomUserId: grant?.zoomUserId,
    hostId: meeting.host_id,
  });
  return toMeetingDetail(meeting, showStartUrl);
}
