import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { type Grant } from '../../grants/grant.js';
import { type ConnectionStatus, grantStatus, type NextAction } from '../../grants/grant-status.js';
import { type DisconnectReason } from '../../models/user-oauth-token.js';
import { connectionOf } from './connection.js';
import { unionEnum } from './union-enum.js';

export const ZoomConnectionStatus = unionEnum<ConnectionStatus>(
  'ZoomConnectionStatus',
  'Whether a user is connected to Zoom.',
  {
    NOT_CONNECTED: 'The user has never connected a Zoom account.',
    CONNECTED: 'Zoom accepts the grant. Stays so while Zoom is merely unreachable.',
    REAUTHORIZATION_REQUIRED: 'Zoom no longer accepts the grant; `reason` says why.',
    REVOKED: 'The connection was ended on purpose, here or at Zoom.',
  },
);

export const ZoomDisconnectReason = unionEnum<DisconnectReason>(
  'ZoomDisconnectReason',
  'Why a connection ended, or is kept but cannot be used.',
  {
    REVOKED_BY_USER: 'The user, or someone acting for them, disconnected here.',
    DEAUTHORIZED_AT_ZOOM: 'The user removed the app at Zoom.',
    REFRESH_TOKEN_REJECTED: 'Zoom refused the refresh token and gave no cause.',
    REFRESH_TOKEN_EXPIRED: 'The connection was not used for 90 days.',
    ROTATION_LOST:
      'Zoom replaced the refresh token and its answer never reached the database. Our fault, not the user’s.',
    BACKUP_RESTORED: 'The platform had to restore a backup, and Zoom had replaced the tokens since.',
    SUPERSEDED: 'Another user of the platform connected the same Zoom account.',
    NO_REFRESH_TOKEN: 'Zoom gave an access token that cannot be renewed, and it has expired.',
    SCOPES_CHANGED:
      'Zoom refuses to renew the access, because the permissions of the app are not those of this grant any more. The connection is kept.',
    REFRESH_REFUSED:
      'Zoom has refused to renew the access for a day or more, without saying that the grant has ended. The connection is kept, and the server goes on trying.',
  },
);

export const ZoomNextAction = unionEnum<NextAction>('ZoomNextAction', 'What to offer the user.', {
  NONE: 'Nothing: all is well.',
  CONNECT: 'Offer to connect.',
  RECONNECT: 'Offer to connect again; Zoom will ask for consent if it has to.',
  WAIT: 'Zoom is not answering, or refuses for the moment; the server tries again by itself.',
  CONTACT_SUPPORT: 'The operator or a Zoom administrator has to act; the user can do nothing.',
});

/** A stored grant as clients see it: everything but the tokens. */
@ObjectType({
  description:
    "A platform user's connection to Zoom. Object names ending in Connection are Relay's: hence Grant.",
})
export class ZoomGrant {
  @Field(() => ID, { description: 'The platform user.' })
  userId!: string;

  @Field(() => ZoomConnectionStatus, { description: 'Whether the user is connected.' })
  status!: ConnectionStatus;

  @Field(() => ZoomDisconnectReason, {
    nullable: true,
    description:
      'Why the connection ended, or why it cannot be used although it is kept (SCOPES_CHANGED, REFRESH_REFUSED); null while all is well.',
  })
  reason?: DisconnectReason | undefined;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Since when the status holds, or its reason.',
  })
  since?: Date | undefined;

  @Field(() => ZoomNextAction, { description: 'What to offer the user now.' })
  nextAction!: NextAction;

  @Field(() => String, { nullable: true, description: "Zoom's id of the connected user." })
  zoomUserId?: string | undefined;

  @Field(() => String, { nullable: true, description: 'Email address at Zoom, as of the authorization.' })
  zoomEmail?: string | undefined;

  @Field(() => String, { nullable: true, description: "Zoom's id of the organisation." })
  zoomAccountId?: string | undefined;

  @Field(() => [String], { description: 'Scopes that the user granted.' })
  grantedScopes!: string[];

  @Field(() => [String], {
    description: 'Scopes this product needs that the grant lacks; empty unless connected.',
  })
  missingScopes!: string[];

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the user last consented.' })
  authorizedAt?: Date | undefined;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the current access token ends. It is replaced by itself five minutes before.',
  })
  accessTokenExpiresAt?: Date | undefined;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When Zoom was last called for the user, to the minute.',
  })
  lastUsedAt?: Date | undefined;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When a refresh was last tried.' })
  lastRefreshAttempt?: Date | undefined;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the connection was ended on purpose.' })
  revokedAt?: Date | undefined;

  @Field(() => Int, { description: 'Refreshes that failed in a row; 0 after a success.' })
  refreshErrorCount!: number;
}

export const ZoomGrantConnection = connectionOf(ZoomGrant, {
  connection: 'A part of the list of grants, by user id, as Relay defines it.',
  edges: 'The grants.',
  edge: 'A grant and its place in the list.',
  node: 'The grant.',
  totalCount: 'How many grants the list has; null when there are more than 10,000.',
});

/** The stored grant as clients see it at `now`. `missingScopesOf` returns the required scopes that a grant lacks. */
export function toZoomGrant(
  userId: string,
  grant: Grant | undefined,
  now: Date,
  missingScopesOf: (granted: readonly string[]) => string[],
): ZoomGrant {
  const missingScopes = grant?.isActive ? missingScopesOf(grant.grantedScopes) : [];
  return {
    userId,
    ...grantStatus(grant, now, missingScopes),
    zoomUserId: grant?.zoomUserId,
    zoomEmail: grant?.zoomEmail,
    zoomAccountId: grant?.zoomAccountId,
    grantedScopes: grant?.grantedScopes ?? [],
    missingScopes,
    authorizedAt: grant?.authorizedAt,
    accessTokenExpiresAt: grant?.accessTokenExpiry,
    lastUsedAt: grant?.lastUsedAt,
    lastRefreshAttempt: grant?.lastRefreshAttempt,
    revokedAt: grant?.revokedAt,
    refreshErrorCount: grant?.refreshErrorCount ?? 0,
  };
}
