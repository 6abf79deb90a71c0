import { Field, ObjectType } from 'type-graphql';
import { type Grant } from '../../grants/grant.js';
import { type Slice } from '../../relay/slice.js';
import { PageInfo, toConnection } from './page-info.js';
import { ZoomGrant } from './zoom-grant.js';

/** An edge of {@link ZoomGrantConnection}. */
@ObjectType({ description: 'A grant and its place in the list.' })
export class ZoomGrantEdge {
  @Field(() => String, { description: 'Opaque place in the list.' })
  cursor!: string;

  @Field(() => ZoomGrant, { description: 'The grant.' })
  node!: ZoomGrant;
}

/** A part of the list of grants (Relay). */
@ObjectType({ description: 'A part of the list of grants, by user id, as Relay defines it.' })
export class ZoomGrantConnection {
  @Field(() => [ZoomGrantEdge], { description: 'The grants.' })
  edges!: ZoomGrantEdge[];

  @Field(() => PageInfo, { description: 'Where this part stands.' })
  pageInfo!: PageInfo;
}

/** A slice as a Relay connection. */
export function toGrantConnection(
  slice: Slice<Grant>,
  show: (grant: Grant) => ZoomGrant,
): ZoomGrantConnection {
  return toConnection(slice, show);
}
