import { Field, ObjectType } from 'type-graphql';
import { type Slice } from '../../relay/slice.js';

/** Relay's `PageInfo`. Lists are read forward only, as Zoom gives them. */
@ObjectType({ description: 'Where a slice of a list stands. Lists are read forward only.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follows after `endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Always false: lists are read forward only.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first edge.' })
  startCursor?: string;

  @Field(() => String, {
    nullable: true,
    description: 'Where this part ends; give it as `after` for what follows, even when this part is empty.',
  })
  endCursor?: string;
}

/** A slice as a Relay connection. */
export function toConnection<T, Node>(
  { edges, hasNextPage, endCursor, totalCount }: Slice<T>,
  toNode: (item: T) => Node,
): { edges: { cursor: string; node: Node }[]; pageInfo: PageInfo; totalCount?: number } {
  return {
    edges: edges.map(({ cursor, node }) => ({ cursor, node: toNode(node) })),
    pageInfo: { hasNextPage, hasPreviousPage: false, startCursor: edges[0]?.cursor, endCursor },
    totalCount,
  };
}
