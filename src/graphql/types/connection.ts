import { type ClassType, Field, Int, ObjectType } from 'type-graphql';
import { type Slice } from '../../relay/slice.js';

/** Relay's `PageInfo`. Zoom's lists can be read forward only, so ours can too. */
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

interface Edge<Node> {
  cursor: string;
  node: Node;
}

/** A Relay connection. */
export interface Connection<Node> {
  edges: Edge<Node>[];
  pageInfo: PageInfo;
  totalCount?: number | undefined | Promise<number | undefined>;
}

interface Descriptions {
  connection: string;
  edges: string;
  edge: string;
  node: string;
  /** If it is left out, the connection has no `totalCount`. */
  totalCount?: string | undefined;
}

/** Makes the types `<Node>Edge` and `<Node>Connection` for an object type. Returns the connection. */
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

    totalCount?: number | undefined | Promise<number | undefined>;
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

/** The connection with a `totalCount` that is counted only when somebody asks for it. */
export function withTotalCount<Node>(
  connection: Connection<Node>,
  count: () => Promise<number | undefined>,
): Connection<Node> {
  return Object.defineProperty(connection, 'totalCount', { get: count });
}
