import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { getProfile } from '../../zoom/profile.js';
import { GraphQLContext } from '../context.js';
import { ZOOM_CALL } from '../query-cost.js';
import { toZoomProfile, ZoomProfile } from '../types/zoom-profile.js';
import { ON_BEHALF_OF } from './zoom-grant-resolver.js';

/** The connected Zoom user. */
@Resolver(() => ZoomProfile)
export class ZoomProfileResolver {
  @Query(() => ZoomProfile, {
    complexity: ZOOM_CALL,
    description: 'The connected Zoom user. Needs the scope user:read:user.',
  })
  async zoomProfile(
    @Ctx() context: GraphQLContext,
    @Arg('onBehalfOf', () => ID, { nullable: true, description: ON_BEHALF_OF }) onBehalfOf?: string,
  ): Promise<ZoomProfile> {
    return toZoomProfile(await getProfile(context.zoomAs(onBehalfOf)));
  }
}
