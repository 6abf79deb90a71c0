import { Ctx, Query, Resolver } from 'type-graphql';
import { getProfile } from '../../zoom/profile.js';
import { GraphQLContext } from '../context.js';
import { ZOOM_CALL } from '../query-cost.js';
import { OnBehalfOf } from '../types/arguments.js';
import { toZoomProfile, ZoomProfile } from '../types/zoom-profile.js';

@Resolver(() => ZoomProfile)
export class ZoomProfileResolver {
  @Query(() => ZoomProfile, {
    complexity: ZOOM_CALL,
    description: 'The connected Zoom user. Needs the scope user:read:user.',
  })
  async zoomProfile(@Ctx() context: GraphQLContext, @OnBehalfOf() onBehalfOf?: string): Promise<ZoomProfile> {
    return toZoomProfile(await getProfile(context.zoomAs(onBehalfOf)));
  }
}
