// The GraphQL Cursor Connections specification (Relay), forward paging.
import {
  getNamedType,
  getNullableType,
  type GraphQLObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { createSchema } from '../../src/graphql/schema.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

const schema = createSchema();
const objects = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type));
const connections = objects.filter(({ name }) => name.endsWith('Connection'));
const fieldOf = (type: GraphQLObjectType, name: string) => {
  const field = type.getFields()[name];
  if (!field) throw new Error(`${type.name} has no ${name}`);
  return field;
};

describe('§2 reserved types', () => {
  test('PageInfo is the only type of that name and an object', () => {
    expect(isObjectType(schema.getType('PageInfo'))).toBe(true);
  });

  test('there is a connection to look at', () => {
    expect(connections.map(({ name }) => name)).toContain('ZoomMeetingConnection');
  });
});

describe.each(connections.map((type) => [type.name, type] as const))('§3 %s', (_name, connection) => {
  test('edges is a list of objects', () => {
    const edges = getNullableType(fieldOf(connection, 'edges').type);
    expect(isListType(edges) && isObjectType(getNamedType(edges))).toBe(true);
  });

  test('pageInfo is a non-null PageInfo', () => {
    expect(String(fieldOf(connection, 'pageInfo').type)).toBe('PageInfo!');
  });

  test('an edge has a node that is no list, and a cursor that is a string', () => {
    const edge = getNamedType(fieldOf(connection, 'edges').type) as GraphQLObjectType;
    expect(edge.name).toBe(connection.name.replace(/Connection$/, 'Edge'));
    expect(isListType(getNullableType(fieldOf(edge, 'node').type))).toBe(false);
    const cursor = getNullableType(fieldOf(edge, 'cursor').type);
    expect(isScalarType(cursor) && cursor.name).toBe('String');
  });
});

describe('§4 arguments', () => {
  const listFields = objects.flatMap((type) =>
    Object.values(type.getFields()).filter((field) => getNamedType(field.type).name.endsWith('Connection')),
  );

  test.each(listFields.map((field) => [field.name, field] as const))(
    '%s takes first and after',
    (_name, field) => {
      const types = Object.fromEntries(field.args.map(({ name, type }) => [name, String(type)]));
      expect(types['first']).toMatch(/^Int!?$/);
      expect(types['after']).toBe('String');
      expect(isNonNullType(field.type)).toBe(true);
    },
  );

  test.each(listFields.map((field) => [field.name, field] as const))(
    '%s does not pretend to page backward',
    (_name, field) => {
      expect(field.args.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['last']));
      expect(field.args.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['before']));
    },
  );
});

describe('§5 PageInfo', () => {
  test('has the four fields', () => {
    const fields = Object.values((schema.getType('PageInfo') as GraphQLObjectType).getFields());
    expect(Object.fromEntries(fields.map(({ name, type }) => [name, String(type)]))).toEqual({
      hasNextPage: 'Boolean!',
      hasPreviousPage: 'Boolean!',
      startCursor: 'String',
      endCursor: 'String',
    });
  });
});

describe('forward paging over HTTP', () => {
  let harness: Harness;
  const userId = someUser();
  const MEETINGS = 7;
  const QUERY = `query ($first: Int!, $after: String) {
    zoomMeetings(type: SCHEDULED, first: $first, after: $after) {
      edges { cursor node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;

  interface Page {
    edges: { cursor: string; node: { id: string } }[];
    pageInfo: {
      hasNextPage: boolean;
      hasPreviousPage: boolean;
      startCursor: string | null;
      endCursor: string | null;
    };
  }
  const page = async (first: number, after?: string | null): Promise<Page> => {
    const { data, errors } = await harness.graphql(userId, QUERY, { variables: { first, after } });
    expect(errors).toBeUndefined();
    return data.zoomMeetings as Page;
  };
  const ids = ({ edges }: Page) => edges.map(({ node }) => node.id);

  beforeAll(async () => {
    harness = await startHarness();
    const { zoomUserId } = await harness.connect(userId);
    harness.sandbox.control.addMeetings(zoomUserId, MEETINGS);
  });
  afterAll(() => harness.close());

  test('first n gives n edges, and more to follow', async () => {
    const { edges, pageInfo } = await page(3);
    expect(edges).toHaveLength(3);
    expect(pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: edges[0]?.cursor,
      endCursor: edges[2]?.cursor,
    });
  });

  test('a page of all is the last: its end cursor is that of its last edge', async () => {
    const { edges, pageInfo } = await page(300);
    expect(edges).toHaveLength(MEETINGS);
    expect(pageInfo).toMatchObject({ hasNextPage: false, endCursor: edges.at(-1)?.cursor });
  });

  test('after the cursor of any edge comes exactly the rest, in the same order', async () => {
    const all = await page(300);
    for (const [index, { cursor }] of all.edges.entries())
      expect(ids(await page(300, cursor))).toEqual(ids(all).slice(index + 1));
  });

  test.each([1, 2, 3, 5])('pages of %i put together are the whole list', async (first) => {
    const whole = ids(await page(300));
    const seen: string[] = [];
    let after: string | null = null;
    for (let round = 0; round <= MEETINGS; round++) {
      const { edges, pageInfo } = await page(first, after);
      seen.push(...edges.map(({ node }) => node.id));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual(whole);
  });

  test('after the last edge nothing follows', async () => {
    const { pageInfo } = await page(300);
    expect(await page(5, pageInfo.endCursor)).toMatchObject({
      edges: [],
      pageInfo: { hasNextPage: false, startCursor: null },
    });
  });

  test('a null cursor is no cursor', async () => {
    expect(ids(await page(2, null))).toEqual(ids(await page(2)));
  });
});
