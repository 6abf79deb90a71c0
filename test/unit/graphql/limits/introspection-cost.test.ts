import {
  buildSchema,
  executeSync,
  getIntrospectionQuery,
  getOperationAST,
  type GraphQLSchema,
  type IntrospectionOptions,
  parse,
} from 'graphql';
import {
  introspectionCost,
  readsSchema,
  standardIntrospectionCost,
  type ValidOperation,
} from '../../../../src/graphql/limits/introspection-cost.js';
import { prepareOperation } from '../../../../src/graphql/query-cost.js';
import { createSchema } from '../../../../src/graphql/schema.js';
import { randomIntrospection } from '../../../support/random-introspection.js';
import { seededRandom } from '../../../support/seeded-random.js';

const schema = createSchema();

function prepared(query: string, variables = {}, of: GraphQLSchema = schema): ValidOperation {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const result = prepareOperation(of, document, operation, variables);
  if ('errors' in result) throw new Error(result.errors[0]?.message);
  return result;
}

/** The values in an answer: every list, object, text, number and null in it, without the answer itself. */
function valuesIn(answer: unknown): number {
  if (typeof answer !== 'object' || answer === null) return 1;
  return 1 + Object.values(answer).reduce((sum: number, value) => sum + valuesIn(value), 0);
}

const answerOf = (query: string, variableValues = {}) =>
  executeSync({ schema, document: parse(query), variableValues }).data;

const OPTIONS = [
  'descriptions',
  'specifiedByUrl',
  'directiveIsRepeatable',
  'schemaDescription',
  'inputValueDeprecation',
  'oneOf',
] as const;
/** Every combination of the options of graphql-js. GraphiQL and Apollo's tools use some of them. */
const COMBINATIONS = Array.from({ length: 2 ** OPTIONS.length }, (_, bits) =>
  Object.fromEntries(OPTIONS.map((option, index) => [option, Boolean(bits & (1 << index))])),
) as IntrospectionOptions[];

const LARGE = 20_000;

test('the cost of a random introspection is never below the number of values in its answer', () => {
  const random = seededRandom(20_261_128);
  const typeNames = Object.keys(schema.getTypeMap());
  let largest = 0;
  for (let round = 0; round < 300; round++) {
    const query = randomIntrospection(random, typeNames);
    const cost = introspectionCost(prepared(query), LARGE);
    // Its execution would take long.
    if (cost > LARGE) continue;
    const answer = answerOf(query);
    const values = valuesIn(answer) - 1;
    largest = Math.max(largest, values);
    if (cost < values) throw new Error(`${cost} points for ${values} values: ${query}`);
    // So the bound on the cost is a bound on the bytes too.
    expect(JSON.stringify(answer).length).toBeLessThan(200 + cost * 80);
  }
  expect(largest).toBeGreaterThan(5_000);
});

test('the cost of every standard introspection query is near the number of its values, and within the budget', () => {
  const budget = standardIntrospectionCost(schema);
  for (const options of COMBINATIONS) {
    const query = getIntrospectionQuery(options);
    const cost = introspectionCost(prepared(query), Infinity);
    expect(cost).toBeLessThanOrEqual(budget);
    if (options.descriptions !== options.oneOf) continue;
    const values = valuesIn(answerOf(query)) - 1;
    expect(cost).toBeGreaterThanOrEqual(values);
    expect(cost).toBeLessThan(values * 1.6);
  }
});

test('the walk stops soon above the limit, whatever the document multiplies', () => {
  const nested = `fields { args { type { fields { args { type { fields { name } } } } } } }`;
  const aliases = Array.from({ length: 90 }, (_, index) => `a${index}: ${nested}`).join(' ');
  const query = `{ __schema { types { ${aliases} } } }`;
  const began = performance.now();
  const cost = introspectionCost(prepared(query), 10_000);
  expect(cost).toBeGreaterThan(10_000);
  expect(cost).toBeLessThan(20_000);
  expect(performance.now() - began).toBeLessThan(1_000);
});

test.each([
  [
    'a name that is a variable',
    'query ($n: String!) { __type(name: $n) { fields { name } } }',
    { n: 'Query' },
  ],
  ['a default of a variable', 'query ($n: String! = "Query") { __type(name: $n) { fields { name } } }', {}],
  ['a type that is not there', '{ __type(name: "Nothing") { fields { name } } }', {}],
])('%s is resolved', (_what, query, variables) => {
  const cost = introspectionCost(prepared(query, variables), Infinity);
  expect(cost).toBe(valuesIn(answerOf(query, variables)) - 1);
});

test('long names and long texts cost more', () => {
  const long = 'x'.repeat(128);
  const plain = introspectionCost(prepared('{ __schema { types { name } } }'), Infinity);
  const named = introspectionCost(prepared(`{ __schema { types { ${long}: name } } }`), Infinity);
  expect(named).toBeGreaterThan(plain * 1.5);
});

test('__typename alone reads no schema', () => {
  expect(readsSchema(prepared('{ __typename }'))).toBe(false);
  expect(readsSchema(prepared('{ ...F } fragment F on Query { __schema { __typename } }'))).toBe(true);
  expect(readsSchema(prepared('mutation { __type(name: "Query") { name } }'))).toBe(true);
});

test('interfaces, unions and enums are counted too', () => {
  const other = buildSchema(`
    interface Node { id: ID! }
    type A implements Node { id: ID! }
    type B implements Node { id: ID! }
    union Both = A | B
    enum Colour { RED GREEN }
    type Query { both: Both, colour: Colour }
  `);
  const query =
    '{ __schema { types { possibleTypes { name } interfaces { name } enumValues { name } } directives { locations } } }';
  const { data } = executeSync({ schema: other, document: parse(query) });
  expect(introspectionCost(prepared(query, {}, other), Infinity)).toBeGreaterThanOrEqual(valuesIn(data) - 1);
});
