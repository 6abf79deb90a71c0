import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { z } from 'zod';
import { type AuditFacts } from '../../models/audit-event.js';
import { AppError, badUserInput } from '../../lib/errors.js';
import { type Grant } from '../../grants/grant.js';
import { type ConnectionStatus } from '../../grants/grant-status.js';
import { GraphQLContext } from '../context.js';
import { type KeysetList, readKeysetSlice } from '../../relay/keyset-slice.js';
import { listCost } from '../query-cost.js';
import { toAuditEventConnection, ZoomAuditEventConnection } from '../types/zoom-audit-event.js';
import { toZoomGrant, ZoomConnectionStatus } from '../types/zoom-grant.js';
import { toGrantConnection, ZoomGrantConnection } from '../types/zoom-grant-connection.js';
import { ON_BEHALF_OF } from './zoom-grant-resolver.js';

/** The last instant that a date can hold. */
const LAST_INSTANT_MS = 8.64e15;

/** What happened to a connection, and who is connected at all. */
@Resolver()
export class SupportResolver {
  @Query(() => ZoomAuditEventConnection, {
    complexity: listCost(1),
    description:
      "What happened to the caller's connection, the newest first, for as long as events are kept. Calls Zoom never.",
  })
  async zoomAuditEvents(
    @Ctx() context: GraphQLContext,
    @Arg('first', () => Int, { defaultValue: 50, description: 'At most this many, 1 to 300.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'A cursor: only what follows it.' })
    after?: string,
    @Arg('onBehalfOf', () => ID, { nullable: true, description: ON_BEHALF_OF }) onBehalfOf?: string,
  ): Promise<ZoomAuditEventConnection> {
    const trail = trailOf(context, context.subject(onBehalfOf));
    const slice = await readKeysetSlice({ first, after, list: 'audit events' }, trail);
    return toAuditEventConnection(slice, context.caller);
  }

  @Query(() => ZoomGrantConnection, {
    complexity: listCost(1),
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
    @Arg('first', () => Int, { defaultValue: 50, description: 'At most this many, 1 to 300.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'A cursor: only what follows it.' })
    after?: string,
  ): Promise<ZoomGrantConnection> {
    if (context.caller.role !== 'admin')
      throw new AppError('FORBIDDEN', { message: 'zoomGrants is for admins.' });
    if (status === 'NOT_CONNECTED') throw badUserInput('status', 'users who are NOT_CONNECTED have no grant');
    const { clock, missingScopes } = context.services;
    const list = `grants ${status ?? ''}`;
    const slice = await readKeysetSlice({ first, after, list }, grantsOf(context, status));
    return toGrantConnection(slice, (grant) => toZoomGrant(grant.userId, grant, clock(), missingScopes));
  }
}

function trailOf({ services }: GraphQLContext, userId: string): KeysetList<AuditFacts, [number, string]> {
  return {
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
    keySchema: z.tuple([z.string().max(1_000)]),
    keyOf: ({ userId }) => [userId],
    read: (limit, after) => services.grants.list({ status, after: after?.[0], limit }),
  };
}
