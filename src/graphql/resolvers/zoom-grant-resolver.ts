import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { badUserInput } from '../../lib/errors.js';
import { KNOWN_SCOPES } from '../../zoom/scopes.js';
import { GraphQLContext } from '../context.js';
import { DATABASE_CALL, ZOOM_CALL } from '../query-cost.js';
import { OnBehalfOf } from '../types/arguments.js';
import {
  RefreshZoomTokenPayload,
  RevokeZoomPayload,
  StartZoomAuthorizationInput,
  StartZoomAuthorizationPayload,
} from '../types/zoom-authorization.js';
import { toZoomGrant, ZoomGrant } from '../types/zoom-grant.js';

@Resolver(() => ZoomGrant)
export class ZoomGrantResolver {
  @Query(() => ZoomGrant, {
    complexity: DATABASE_CALL,
    description:
      "The caller's connection. Always answers; status tells. Costs one read and calls Zoom never.",
  })
  zoomConnection(@Ctx() context: GraphQLContext, @OnBehalfOf() onBehalfOf?: string): Promise<ZoomGrant> {
    return currentGrant(context, context.subject(onBehalfOf));
  }

  @Mutation(() => StartZoomAuthorizationPayload, {
    complexity: DATABASE_CALL,
    description:
      'Begins connecting a Zoom account. Call it with credentials: the answer sets a cookie, and the callback accepts only the browser that holds it.',
  })
  async startZoomAuthorization(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => StartZoomAuthorizationInput, { nullable: true, description: 'How to begin.' })
    input?: StartZoomAuthorizationInput,
  ): Promise<StartZoomAuthorizationPayload> {
    const { services, caller, initiator } = context;
    const { returnTo, scopes = [] } = input ?? {};
    if (!scopes.every((scope) => KNOWN_SCOPES.has(scope)))
      throw badUserInput('input.scopes', 'holds a scope this API does not know');
    await services.limitUser('start', caller.userId);
    const started = await services.authorizations.start(
      caller.userId,
      { ...(returnTo && { returnTo: returnTo.href }), ...(scopes.length > 0 && { scopes }) },
      initiator,
    );
    context.bindBrowser(started.browserBinding);
    return { authorizationUrl: started.authorizationUrl, expiresAt: started.expiresAt };
  }

  @Mutation(() => RefreshZoomTokenPayload, {
    complexity: ZOOM_CALL,
    description:
      'Replaces the access token now. Never needed in normal use: the server does it by itself. Joins a refresh that is under way.',
  })
  async refreshZoomToken(
    @Ctx() context: GraphQLContext,
    @OnBehalfOf() onBehalfOf?: string,
  ): Promise<RefreshZoomTokenPayload> {
    const userId = context.subject(onBehalfOf);
    await context.services.limitUser('refresh', userId);
    await context.services.tokens.refresh(userId, context.initiator);
    context.loaders.forget(userId);
    return { connection: await currentGrant(context, userId) };
  }

  @Mutation(() => RevokeZoomPayload, {
    complexity: ZOOM_CALL,
    description:
      'Ends the connection: here at once and for good, at Zoom as soon as Zoom answers. Idempotent.',
  })
  async revokeZoom(
    @Ctx() context: GraphQLContext,
    @OnBehalfOf() onBehalfOf?: string,
  ): Promise<RevokeZoomPayload> {
    const userId = context.subject(onBehalfOf);
    await context.services.limitUser('revoke', userId);
    const revokedAtZoom = await context.services.revocations.revoke(userId, context.initiator);
    context.loaders.forget(userId);
    return { connection: await currentGrant(context, userId), revokedAtZoom };
  }
}

async function currentGrant({ services, loaders }: GraphQLContext, userId: string): Promise<ZoomGrant> {
  return toZoomGrant(userId, await loaders.grants.load(userId), services.clock(), services.missingScopes);
}
