import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import { z } from 'zod';
import { type AuditEvent } from '../../models/audit-event.js';
import { badUserInput } from '../../lib/errors.js';
import { type Grant } from '../../grants/grant.js';
import { type ConnectionStatus } from '../../grants/grant-status.js';
import { assertAdmin } from '../caller.js';
import { GraphQLContext } from '../context.js';
import { type KeysetList, readKeysetSlice } from '../../relay/keyset-slice.js';
import { DATABASE_CALL, listCost } from '../query-cost.js';
import { ForwardConnectionArgs, OnBehalfOf } from '../types/arguments.js';
import { type Connection, toConnection } from '../types/connection.js';
import {
  toZoomAuditEvent,
  type ZoomAuditEvent,
  ZoomAuditEventConnection,
} from '../types/zoom-audit-event.js';
import {
  toZoomGrant,
  ZoomConnectionStatus,
  type ZoomGrant,
  ZoomGrantConnection,
} from '../types/zoom-grant.js';

/** The last instant that a date can hold. */
const LAST_INSTANT_MS = 8.64e15;

@Resolver()
export class SupportResolver {
  @Query(() => ZoomAuditEventConnection, {
    complexity: listCost(DATABASE_CALL),
    description:
      "What happened to the caller's connection, the newest first, for as long as events are kept. Calls Zoom never.",
  })
  async zoomAuditEvents(
    @Ctx() context: GraphQLContext,
    @Args(() => ForwardConnectionArgs) page: ForwardConnectionArgs,
    @OnBehalfOf() onBehalfOf?: string,
  ): Promise<Connection<ZoomAuditEvent>> {
    const trail = trailOf(context, context.subject(onBehalfOf));
    const slice = await readKeysetSlice(page, trail);
    return toConnection(slice, (event) => toZoomAuditEvent(event, context.caller));
  }

  @Query(() => ZoomGrantConnection, {
    complexity: listCost(DATABASE_CALL),
    description:
      'The grants of all users who ever connected, by user id. For callers with the role admin. Calls Zoom never.',
  })
  async zoomGrants(
    @Ctx() context: GraphQLContext,
    @Arg('status', () => ZoomConnectionStatus, {
      nullable: true,
      description: 'Only these; users who are NOT_CONNECTED have no grant.',
    })
    status: ConnectionStatus | undefined,
    @Args(() => ForwardConnectionArgs) page: ForwardConnectionArgs,
  ): Promise<Connection<ZoomGrant>> {
    assertAdmin(context.caller, 'zoomGrants');
    if (status === 'NOT_CONNECTED') throw badUserInput('status', 'users who are NOT_CONNECTED have no grant');
    const { clock, missingScopes } = context.services;
    const slice = await readKeysetSlice(page, grantsOf(context, status));
    return toConnection(slice, (grant) => toZoomGrant(grant.userId, grant, clock(), missingScopes));
  }
}

function trailOf({ services }: GraphQLContext, userId: string): KeysetList<AuditEvent, [number, string]> {
  return {
    name: 'audit events',
    keySchema: z.tuple([z.number().int().min(0).max(LAST_INSTANT_MS), z.string().max(100)]),
    keyOf: ({ occurredAt, _id }) => [occurredAt.getTime(), _id],
    read: (limit, after) =>
      services.auditTrail.read(userId, limit, after && { occurredAt: new Date(after[0]), _id: after[1] }),
  };
}

function grantsOf(
  { services }: GraphQLContext,
  status: Exclude<ConnectionStatus, 'NOT_CONNECTED'> | undefined,
): KeysetList<Grant, [string]> {
  return {
    name: `grants ${status ?? ''}`,
    keySchema: z.tuple([z.string().max(1_000)]),
    keyOf: ({ userId }) => [userId],
    read: (limit, after) =>
      services.grants.list({ limit, ...(status && { status }), ...(after && { after: after[0] }) }),
  };
}
