import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { type CreatedMeeting } from '../../meetings/meeting-creator.js';
import { listMeetings, type MeetingListType } from '../../zoom/meetings/meetings.js';
import { mayStart } from '../../zoom/meetings/start-url.js';
import { GraphQLContext } from '../context.js';
import { listCost, ZOOM_CALL } from '../query-cost.js';
import { toMeetingDetail, ZoomMeeting } from '../types/zoom-meeting.js';
import { toMeetingConnection, ZoomMeetingConnection } from '../types/zoom-meeting-connection.js';
import { ZoomMeetingListType } from '../types/zoom-meeting-enums.js';
import {
  CreateZoomMeetingInput,
  DeleteZoomMeetingInput,
  toMeetingChanges,
  UpdateZoomMeetingInput,
} from '../types/zoom-meeting-input.js';
import {
  CreateZoomMeetingPayload,
  DeleteZoomMeetingPayload,
  UpdateZoomMeetingPayload,
} from '../types/zoom-meeting-payloads.js';
import { ON_BEHALF_OF } from './zoom-grant-resolver.js';

/** The user's meetings: listed, read, created, changed, deleted. */
@Resolver(() => ZoomMeeting)
export class ZoomMeetingResolver {
  @Query(() => ZoomMeetingConnection, {
    complexity: listCost(ZOOM_CALL),
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
    after?: string,
    @Arg('onBehalfOf', () => ID, { nullable: true, description: ON_BEHALF_OF }) onBehalfOf?: string,
  ): Promise<ZoomMeetingConnection> {
    const zoom = context.zoomAs(onBehalfOf);
    return toMeetingConnection(await listMeetings(zoom, { type, first, after }));
  }

  @Query(() => ZoomMeeting, {
    complexity: ZOOM_CALL,
    description:
      "One meeting: of the connected user, or hosted by the platform for the user. Needs the scope meeting:read:meeting for the user's own.",
  })
  async zoomMeeting(
    @Ctx() context: GraphQLContext,
    @Arg('id', () => ID, { description: 'The meeting number, or the UUID of an instance.' }) id: string,
    @Arg('onBehalfOf', () => ID, { nullable: true, description: ON_BEHALF_OF }) onBehalfOf?: string,
  ): Promise<ZoomMeeting> {
    const found = await context.services.meetings.read(context.zoomCaller(onBehalfOf), id);
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
    @Arg('onBehalfOf', () => ID, { nullable: true, description: ON_BEHALF_OF }) onBehalfOf?: string,
  ): Promise<CreateZoomMeetingPayload> {
    const { topic, schedule, allowFallback, idempotencyKey } = input;
    const meeting = { ...toMeetingChanges(input), topic, schedule };
    const request = { meeting, allowFallback, idempotencyKey: idempotencyKey ?? undefined };
    const created = await context.services.meetings.create(context.zoomCaller(onBehalfOf), request);
    const { hostedBy, fallbackReason } = created;
    return { meeting: await present(context, created, onBehalfOf), hostedBy, fallbackReason };
  }

  @Mutation(() => UpdateZoomMeetingPayload, {
    complexity: ZOOM_CALL,
    description:
      "Changes a meeting, or one date of a series. Needs the scope meeting:update:meeting for the user's own meetings.",
  })
  async updateZoomMeeting(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => UpdateZoomMeetingInput, { description: 'The meeting, and what changes.' })
    input: UpdateZoomMeetingInput,
    @Arg('onBehalfOf', () => ID, { nullable: true, description: ON_BEHALF_OF }) onBehalfOf?: string,
  ): Promise<UpdateZoomMeetingPayload> {
    const target = { id: input.id, occurrenceId: input.occurrenceId ?? undefined };
    const caller = context.zoomCaller(onBehalfOf);
    const updated = await context.services.meetings.update(caller, target, toMeetingChanges(input));
    return { meeting: updated && (await present(context, updated, onBehalfOf)) };
  }

  @Mutation(() => DeleteZoomMeetingPayload, {
    complexity: ZOOM_CALL,
    description:
      "Deletes a meeting, or one date of a series. Needs the scope meeting:delete:meeting for the user's own meetings. A Google Meet space is forgotten here; Google cannot delete it.",
  })
  async deleteZoomMeeting(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => DeleteZoomMeetingInput, { description: 'The meeting.' })
    input: DeleteZoomMeetingInput,
    @Arg('onBehalfOf', () => ID, { nullable: true, description: ON_BEHALF_OF }) onBehalfOf?: string,
  ): Promise<DeleteZoomMeetingPayload> {
    const target = { id: input.id, occurrenceId: input.occurrenceId ?? undefined };
    await context.services.meetings.delete(context.zoomCaller(onBehalfOf), target);
    return { meetingId: target.id, occurrenceId: target.occurrenceId };
  }
}

async function present(
  context: GraphQLContext,
  { meeting, hostedBy }: CreatedMeeting,
  onBehalfOf: string | undefined,
): Promise<ZoomMeeting> {
  const subject = context.subject(onBehalfOf);
  const grant = hostedBy === 'USER' ? await context.loaders.grants.load(subject) : undefined;
  const showStartUrl = mayStart({
    callerId: context.caller.userId,
    readAs: grant && subject,
    zoomUserId: grant?.zoomUserId,
    hostId: meeting.host_id,
  });
  return toMeetingDetail(meeting, showStartUrl);
}
