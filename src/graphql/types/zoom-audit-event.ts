import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { visibleEvent } from '../../audit/visible-event.js';
import { type ActorKind, type AuditEventType, type AuditEvent } from '../../models/audit-event.js';
import { type Caller } from '../caller.js';
import { connectionOf } from './connection.js';
import { unionEnum } from './union-enum.js';

const ZoomAuditEventType = unionEnum<AuditEventType>(
  'ZoomAuditEventType',
  'What can happen to a connection, and what is changed at Zoom through it.',
  {
    'authorization.started': 'The user was sent to Zoom.',
    'authorization.denied': 'The user declined at Zoom.',
    'authorization.failed': 'The user came back and could not be connected; `cause` says why.',
    'grant.authorized': 'The user was connected.',
    'access_token.refreshed': 'The tokens were replaced; `cause` says what for.',
    'refresh.failed': 'A refresh failed for now; the connection stays.',
    'grant.ended': 'Zoom no longer accepts the grant; `cause` says why.',
    'grant.superseded': 'Another user of the platform connected the same Zoom account.',
    'grant.revoked': 'The connection was ended on purpose, here or at Zoom.',
    'revocation.completed': 'Zoom has been told of the end; `cause` says how it went.',
    'revocation.failed': 'Zoom could not be told of the end.',
    'meeting.created': 'A meeting was created.',
    'meeting.updated': 'A meeting was changed.',
    'meeting.deleted': 'A meeting was deleted.',
    'meeting.replaced':
      'Zoom gave the number of a meeting that the platform hosted to another meeting: the former one is gone.',
    'access.on_behalf':
      'A service or an admin worked with the data of the user; `cause` names the field. Once an hour for each caller and field.',
    'access.listed': 'The user, as an admin, listed data of many users; `cause` names the field.',
  },
);

const ZoomAuditActorKind = unionEnum<ActorKind>('ZoomAuditActorKind', 'Who acts.', {
  user: 'The user whose trail it is, or another user who connected the same Zoom account.',
  service: 'A backend of the platform, for the user.',
  admin: 'Support, for the user.',
  system: 'This server by itself.',
  zoom: 'Zoom told this server.',
});

@ObjectType({ description: 'Who did it.' })
export class ZoomAuditActor {
  @Field(() => ZoomAuditActorKind, { description: 'Who acts.' })
  kind!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The user, service or admin, as their token names them. Only admins see the id of anybody but the user.',
  })
  id?: string | undefined;
}

@ObjectType({ description: 'One line of the audit trail of a connection.' })
export class ZoomAuditEvent {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => ZoomAuditEventType, { description: 'What happened.' })
  type!: string;

  @Field(() => GraphQLDateTime, { description: 'When, by the clock of the instance that did it.' })
  occurredAt!: Date;

  @Field(() => ID, { description: 'The platform user it is about.' })
  userId!: string;

  @Field(() => ZoomAuditActor, { description: 'Who did it.' })
  actor!: ZoomAuditActor;

  @Field(() => String, { nullable: true, description: 'Why, or how it went: a reason or an error code.' })
  cause?: string | undefined;

  @Field(() => String, { nullable: true, description: "Zoom's id of the user at Zoom." })
  zoomUserId?: string | undefined;

  @Field(() => ID, { nullable: true, description: 'The meeting it is about.' })
  meetingId?: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'From which address; only admins see it of what others did.',
  })
  ipAddress?: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'With which browser; only admins see it of what others did.',
  })
  userAgent?: string | undefined;

  @Field(() => ID, {
    nullable: true,
    description: 'The `x-request-id` of the request it belongs to; only admins see it of what others did.',
  })
  correlationId?: string | undefined;

  @Field(() => String, { nullable: true, description: "Zoom's `x-zm-trackingid`, for its support." })
  zoomTrackingId?: string | undefined;
}

export const ZoomAuditEventConnection = connectionOf(ZoomAuditEvent, {
  connection: 'A part of the audit trail, the newest event first, as Relay defines it.',
  edges: 'The events.',
  edge: 'An audit event and its place in the list.',
  node: 'The event.',
});

/** The event as `caller` may see it: see {@link visibleEvent}. */
export function toZoomAuditEvent(stored: AuditEvent, caller: Caller): ZoomAuditEvent {
  const event = visibleEvent(stored, caller);
  return {
    id: event._id,
    type: event.type,
    occurredAt: event.occurredAt,
    userId: event.userId,
    actor: event.actor,
    cause: event.cause,
    zoomUserId: event.zoomUserId,
    meetingId: event.meetingId,
    correlationId: event.correlationId,
    zoomTrackingId: event.zoomTrackingId,
    ipAddress: event.deviceInfo?.ipAddress,
    userAgent: event.deviceInfo?.userAgent,
  };
}
