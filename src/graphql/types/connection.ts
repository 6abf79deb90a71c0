import { type ClassType, Field, Int, ObjectType } from 'type-graphql';
import { type Slice } from '../../relay/slice.js';

/** Relay's `PageInfo`. Zoom gives its lists forward only, so all lists are read forward only. */
@ObjectType({ description: 'Where a slice of a list stands. Lists are read forward only.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follows after `endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Always false: lists are read forward only.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first edge.' })
  startCursor?: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Where this part ends; give it as `after` for what follows, even when this part is empty.',
  })
  endCursor?: string | undefined;
}

/** An edge of a Relay connection. */
interface Edge<Node> {
  cursor: string;
  node: Node;
}

/** A Relay connection. */
export interface Connection<Node> {
  edges: Edge<Node>[];
  pageInfo: PageInfo;
  totalCount?: number | undefined;
}

/** How the types of a connection are described in the schema. */
interface Descriptions {
  connection: string;
  edges: string;
  edge: string;
  node: string;
  /** Left out: the connection has no `totalCount`. */
  totalCount?: string | undefined;
}

/** The types `<Node>Connection` and `<Node>Edge` for an object type. Use the result as the type of a field. */
export function connectionOf<Node extends object>(
  node: ClassType<Node>,
  descriptions: Descriptions,
): ClassType<Connection<Node>> {
  @ObjectType(`${node.name}Edge`, { description: descriptions.edge })
  class NodeEdge implements Edge<Node> {
    @Field(() => String, { description: 'Opaque place in the list.' })
    cursor!: string;

    @Field(() => node, { description: descriptions.node })
    node!: Node;
  }

  @ObjectType(`${node.name}Connection`, { description: descriptions.connection })
  class NodeConnection implements Connection<Node> {
    @Field(() => [NodeEdge], { description: descriptions.edges })
    edges!: NodeEdge[];

    @Field(() => PageInfo, { description: 'Where this part stands.' })
    pageInfo!: PageInfo;

    totalCount?: number | undefined;
  }

  if (descriptions.totalCount)
    Field(() => Int, { nullable: true, description: descriptions.totalCount })(
      NodeConnection.prototype,
      'totalCount',
    );
  return NodeConnection;
}

/** A slice as a Relay connection, its items mapped by `toNode`. */
export function toConnection<T, Node>(
  { edges, hasNextPage, endCursor, totalCount }: Slice<T>,
  toNode: (item: T) => Node,
): Connection<Node> {
  return {
    edges: edges.map(({ cursor, node }) => ({ cursor, node: toNode(node) })),
    pageInfo: { hasNextPage, hasPreviousPage: false, startCursor: edges[0]?.cursor, endCursor },
    totalCount,
  };
}
