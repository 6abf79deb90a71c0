import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { badUserInput } from '../../lib/errors.js';
import { KNOWN_SCOPES } from '../../zoom/scopes.js';
import { GraphQLContext } from '../context.js';
import { ZOOM_CALL } from '../query-cost.js';
import {
  RefreshZoomTokenPayload,
  RevokeZoomPayload,
  StartZoomAuthorizationInput,
  StartZoomAuthorizationPayload,
} from '../types/zoom-authorization.js';
import { toZoomGrant, ZoomGrant } from '../types/zoom-grant.js';

/** How every `onBehalfOf` argument is described. */
export const ON_BEHALF_OF =
  'The user to act for. For callers with the role service or admin; everyone else acts for themselves.';

/** Begins, shows, refreshes and ends connections. */
@Resolver(() => ZoomGrant)
export class ZoomGrantResolver {
  @Query(() => ZoomGrant, {
    description:
      "The caller's connection. Always answers; status tells. Costs one read and calls Zoom never.",
  })
  zoomConnection(
    @Ctx() context: GraphQLContext,
    @Arg('onBehalfOf', () => ID, { nullable: true, description: ON_BEHALF_OF }) onBehalfOf?: string,
  ): Promise<ZoomGrant> {
    return currentGrant(context, context.subject(onBehalfOf));
  }

  @Mutation(() => StartZoomAuthorizationPayload, {
    description:
      'Begins connecting a Zoom account. Call it with credentials: the answer sets a cookie, and the callback accepts only the browser that holds it.',
  })
  async startZoomAuthorization(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => StartZoomAuthorizationInput, { nullable: true, description: 'How to begin.' })
    input?: StartZoomAuthorizationInput | null,
  ): Promise<StartZoomAuthorizationPayload> {
    const { services, caller, origin } = context;
    const scopes = input?.scopes ?? undefined;
    const unknown = scopes?.filter((scope) => !KNOWN_SCOPES.has(scope)) ?? [];
    if (unknown.length > 0) throw badUserInput('input.scopes', 'holds a scope this API does not know');
    await services.limitUser('start', caller.userId);
    const started = await services.authorizations.start(
      caller.userId,
      { returnTo: input?.returnTo?.href, ...(scopes?.length && { scopes }) },
      origin,
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
    @Arg('onBehalfOf', () => ID, { nullable: true, description: ON_BEHALF_OF }) onBehalfOf?: string,
  ): Promise<RefreshZoomTokenPayload> {
    const userId = context.subject(onBehalfOf);
    await context.services.limitUser('refresh', userId);
    await context.services.tokens.refresh(userId, context.origin);
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
    @Arg('onBehalfOf', () => ID, { nullable: true, description: ON_BEHALF_OF }) onBehalfOf?: string,
  ): Promise<RevokeZoomPayload> {
    const userId = context.subject(onBehalfOf);
    await context.services.limitUser('revoke', userId);
    const revokedAtZoom = await context.services.revocations.revoke(userId, context.origin);
    context.loaders.forget(userId);
    return { connection: await currentGrant(context, userId), revokedAtZoom };
  }
}

async function currentGrant({ services, loaders }: GraphQLContext, userId: string): Promise<ZoomGrant> {
  return toZoomGrant(userId, await loaders.grants.load(userId), services.clock(), services.missingScopes);
}
