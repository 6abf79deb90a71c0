import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field } from 'type-graphql';
import { type ConnectionStatus } from '../../grants/grant-status.js';
import { type DisconnectReason } from '../../models/user-oauth-token.js';
import { ForwardConnectionArgs } from './arguments.js';
import { ZoomConnectionStatus, ZoomDisconnectReason } from './zoom-grant.js';

@ArgsType()
export class ZoomGrantsArgs extends ForwardConnectionArgs {
  @Field(() => ZoomConnectionStatus, {
    nullable: true,
    description: 'Only these; users who are NOT_CONNECTED have no grant.',
  })
  status?: ConnectionStatus;

  @Field(() => ZoomDisconnectReason, {
    nullable: true,
    description:
      'Only these. REFRESH_REFUSED also finds connections that Zoom has refused to refresh for less than a day.',
  })
  reason?: DisconnectReason;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Only those that changed at this instant or later: whose `since` is not before it.',
  })
  since?: Date;
}
