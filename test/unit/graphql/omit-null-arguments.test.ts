import { buildSchema, execute, type GraphQLFieldResolver, parse } from 'graphql';
import { GraphQLURL } from 'graphql-scalars';
import { omitNullArguments } from '../../../src/graphql/omit-null-arguments.js';

/** The arguments that the resolver of `field` gets. */
async function argumentsOf(field: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  let seen: unknown;
  const schema = buildSchema(`
    scalar URL
    input Nested { text: String, number: Int, step: Int = 1 }
    input Outer { text: String, url: URL, list: [Int!], nested: Nested, many: [Nested!] }
    type Query { field(text: String, first: Int = 5, input: Outer): Boolean }
  `);
  Object.assign(schema.getType('URL') ?? {}, {
    parseValue: GraphQLURL.parseValue.bind(GraphQLURL),
    parseLiteral: GraphQLURL.parseLiteral.bind(GraphQLURL),
  });
  const resolve: GraphQLFieldResolver<unknown, unknown> = (_source, args) => {
    seen = args;
    return true;
  };
  Object.assign(schema.getQueryType()?.getFields()['field'] ?? {}, { resolve });
  omitNullArguments(schema);
  const document = parse(`query ($text: String, $first: Int, $input: Outer) { ${field} }`);
  const { errors } = await execute({ schema, document, variableValues: variables });
  expect(errors).toBeUndefined();
  return seen;
}

test.each<[string, string, Record<string, unknown>]>([
  ['left out', 'field', {}],
  ['null', 'field(text: null, input: null)', {}],
  ['a variable that is left out', 'field(text: $text, input: $input)', {}],
  ['a variable that is null', 'field(text: $text, input: $input)', { text: null, input: null }],
])('an argument that is %s is absent', async (_what, field, variables) => {
  expect(await argumentsOf(field, variables)).toStrictEqual({ first: 5 });
});

test.each<[string, string, Record<string, unknown>]>([
  ['null', 'field(input: { text: null, url: null, list: null, nested: { text: null, number: 0 } })', {}],
  [
    'null in a variable',
    'field(input: $input)',
    { input: { text: null, url: null, list: null, nested: { text: null, number: 0 } } },
  ],
])('a field of an input object that is %s is absent, at any depth', async (_what, field, variables) => {
  expect(await argumentsOf(field, variables)).toStrictEqual({
    first: 5,
    input: { nested: { number: 0, step: 1 } },
  });
});

test.each<[string, string, Record<string, unknown>]>([
  ['literals', 'field(text: "", first: 0, input: { url: "https://a.example/", list: [0, 1] })', {}],
  [
    'variables',
    'field(text: $text, first: 0, input: $input)',
    { text: '', input: { url: 'https://a.example/', list: [0, 1] } },
  ],
])('values in %s arrive as they are', async (_what, field, variables) => {
  expect(await argumentsOf(field, variables)).toStrictEqual({
    text: '',
    first: 0,
    input: { url: new URL('https://a.example/'), list: [0, 1] },
  });
});

test.each<[string, string, Record<string, unknown>]>([
  [
    'literals',
    'field(first: null, input: { nested: { step: null }, many: [{ step: null }, { text: null }] })',
    {},
  ],
  [
    'variables',
    'field(first: $first, input: $input)',
    { first: null, input: { nested: { step: null }, many: [{ step: null }, { text: null }] } },
  ],
])('null in %s takes the default, also inside of lists', async (_what, field, variables) => {
  expect(await argumentsOf(field, variables)).toStrictEqual({
    first: 5,
    input: { nested: { step: 1 }, many: [{ step: 1 }, { step: 1 }] },
  });
});
