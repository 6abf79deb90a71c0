import { Ctx, Query, Resolver } from 'type-graphql';
import { AppError } from '../../lib/errors.js';
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
    const profile = await getProfile(context.zoomAs(onBehalfOf));
    // The grant knows whose it is, should Zoom leave that out.
    const id = profile.id ?? (await context.loaders.grants.load(context.subject(onBehalfOf)))?.zoomUserId;
    if (id === undefined) throw new AppError('ZOOM_UNAVAILABLE');
    return toZoomProfile(id, profile);
  }
}
