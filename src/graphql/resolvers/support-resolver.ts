import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { z } from 'zod';
import { type AuditEvent } from '../../models/audit-event.js';
import { badUserInput } from '../../lib/errors.js';
import { type Grant } from '../../grants/grant.js';
import { changedAt, type GrantFilter, isByTime } from '../../grants/store/grant-list.js';
import { type GrantReader } from '../../grants/store/grant-reader.js';
import { assertAdmin } from '../caller.js';
import { GraphQLContext } from '../context.js';
import { type KeysetList, readKeysetSlice } from '../../relay/keyset-slice.js';
import { DATABASE_CALL, listCost } from '../query-cost.js';
import { ForwardConnectionArgs, OnBehalfOf } from '../types/arguments.js';
import { type Connection, toConnection, withTotalCount } from '../types/connection.js';
import {
  toZoomAuditEvent,
  type ZoomAuditEvent,
  ZoomAuditEventConnection,
} from '../types/zoom-audit-event.js';
import { toZoomGrant, type ZoomGrant, ZoomGrantConnection } from '../types/zoom-grant.js';
import { ZoomGrantsArgs } from '../types/zoom-grants-args.js';

/** The last instant that a date can hold. */
const LAST_INSTANT_MS = 8.64e15;

/** Counting a list ends here. */
const MOST_COUNTED = 10_000;

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
      'The grants of all users who ever connected, by user id. With `reason` or `since`: by the time of the change, the newest first. For callers with the role admin. Calls Zoom never.',
  })
  async zoomGrants(
    @Ctx() context: GraphQLContext,
    @Args(() => ZoomGrantsArgs) { status, reason, since, ...page }: ZoomGrantsArgs,
  ): Promise<Connection<ZoomGrant>> {
    assertAdmin(context.caller, 'zoomGrants');
    await context.noteListing('zoomGrants');
    if (status === 'NOT_CONNECTED') throw badUserInput('status', 'users who are NOT_CONNECTED have no grant');
    const { clock, missingScopes, grants } = context.services;
    const filter = { status, reason, since };
    const slice = isByTime(filter)
      ? await readKeysetSlice(page, byTime(grants, filter))
      : await readKeysetSlice(page, byUser(grants, status));
    const connection = toConnection(slice, (grant) =>
      toZoomGrant(grant.userId, grant, clock(), missingScopes),
    );
    return withTotalCount(connection, async () => {
      const count = await grants.count(filter, MOST_COUNTED);
      return count > MOST_COUNTED ? undefined : count;
    });
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

function byUser(grants: GrantReader, status: GrantFilter['status']): KeysetList<Grant, [string]> {
  return {
    name: `grants ${status ?? ''}`,
    keySchema: z.tuple([z.string().max(1_000)]),
    keyOf: ({ userId }) => [userId],
    read: (limit, after) => grants.list({ status }, limit, after && { userId: after[0] }),
  };
}

function byTime(grants: GrantReader, filter: GrantFilter): KeysetList<Grant, [number, string]> {
  const { status = '', reason = '', since } = filter;
  return {
    name: `grants ${status} ${reason} ${since?.toISOString() ?? ''}`,
    keySchema: z.tuple([z.number().int().min(0).max(LAST_INSTANT_MS), z.string().max(1_000)]),
    keyOf: (grant) => [changedAt(filter, grant).getTime(), grant.userId],
    read: (limit, after) =>
      grants.list(filter, limit, after && { changedAt: new Date(after[0]), userId: after[1] }),
  };
}
