import { GraphQLDateTime, GraphQLURL } from 'graphql-scalars';
import { Field, InputType, ObjectType } from 'type-graphql';
import { type RevokedAtZoom } from '../../grants/disconnect/revocations.js';
import { unionEnum } from './union-enum.js';
import { ZoomGrant } from './zoom-grant.js';

@InputType({ description: 'How to begin an authorization. Everything may be left out.' })
export class StartZoomAuthorizationInput {
  @Field(() => GraphQLURL, {
    nullable: true,
    description:
      'Where the browser ends up, with ?zoom=connected or ?zoom=error&reason=<code>. Its origin must be one of the allowed frontends.',
  })
  returnTo?: URL;

  @Field(() => [String], {
    nullable: true,
    description: "Scopes to ask for. Left out: those of the app's configuration at Zoom.",
  })
  scopes?: string[];
}

@ObjectType({
  description: 'A begun authorization. The answer also sets a cookie that the callback demands.',
})
export class StartZoomAuthorizationPayload {
  @Field(() => GraphQLURL, { description: 'Send the browser here, in the window that made this call.' })
  authorizationUrl!: string;

  @Field(() => GraphQLDateTime, { description: 'Until when the user can come back from Zoom.' })
  expiresAt!: Date;
}

@ObjectType({ description: 'The connection after its access token was replaced.' })
export class RefreshZoomTokenPayload {
  @Field(() => ZoomGrant, { description: 'The connection as it is now.' })
  connection!: ZoomGrant;
}

export const ZoomRevocationOutcome = unionEnum<RevokedAtZoom>(
  'ZoomRevocationOutcome',
  'Whether Zoom has ended the grant too.',
  {
    REVOKED: 'Zoom has ended it.',
    PENDING_RETRY: 'Zoom did not answer yet; the server keeps trying. The user is disconnected all the same.',
    NOT_NEEDED: 'There was nothing to end at Zoom.',
  },
);

@ObjectType({ description: 'The connection after it was ended.' })
export class RevokeZoomPayload {
  @Field(() => ZoomGrant, { description: 'The connection as it is now.' })
  connection!: ZoomGrant;

  @Field(() => ZoomRevocationOutcome, { description: 'Whether Zoom has ended the grant too.' })
  revokedAtZoom!: RevokedAtZoom;
}
