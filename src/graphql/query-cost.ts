import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getVariableValues,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
// Its ES module build loads a second copy of graphql, and graphql refuses types of another copy.
import complexity, { type ComplexityEstimator } from 'graphql-query-complexity/cjs';
import { MAX_FIRST } from '../relay/slice.js';
import { introspectionCost, type ValidOperation } from './limits/introspection-cost.js';
import { withoutNulls } from './omit-null-arguments.js';

const { fieldExtensionsEstimator, getComplexity, simpleEstimator } = complexity;

/** The most that an operation of a caller may cost. A field costs 1; the fields of a list count `first` times. */
export const MAX_COST = 20_000;

/** The most tokens that a document may have. A longer one is not even parsed. */
export const MAX_TOKENS = 5_000;

/** The cost of a field that calls Zoom, beside its own fields. So an operation has at most 19 such fields. */
export const ZOOM_CALL = 1_000;

/** The cost of a field that asks the database, beside its own fields. */
export const DATABASE_CALL = 100;

/** How many items a list without `first` counts as, such as the files of a recording. */
const ITEMS_OF_A_PART = 5;

/**
 * The cost of a list: `base`, and `first` times the cost of one item. A `first` out of bounds counts as the nearest
 * bound here; the resolver refuses it with an error that names the argument.
 */
export function listCost(base: number): ComplexityEstimator {
  return ({ args, field, childComplexity }) => {
    const { first } = withoutNulls(args, field.args) as { first: number };
    return base + Math.min(Math.max(first, 1), MAX_FIRST) * childComplexity;
  };
}

/** The cost of a short list without `first`. */
export const partCost: ComplexityEstimator = ({ childComplexity }) => 1 + ITEMS_OF_A_PART * childComplexity;

/** The introspection is priced by a walk of its own. */
const unlessIntrospection: ComplexityEstimator = ({ field, childComplexity }) =>
  field.name === '__schema' || field.name === '__type' ? 0 : 1 + childComplexity;

/**
 * What an operation costs: its fields by the option `complexity` of each, and its introspection by the values of the
 * answer. Above `limit` the result is some number above it. `given` are the variables as the client sent them.
 */
export function operationCost(
  document: DocumentNode,
  asked: ValidOperation,
  given: Readonly<Record<string, unknown>>,
  limit: number,
): number {
  const { schema, operation } = asked;
  const fields = getComplexity({
    schema,
    query: document,
    ...(operation.name && { operationName: operation.name.value }),
    variables: given,
    estimators: [fieldExtensionsEstimator(), unlessIntrospection, simpleEstimator({ defaultComplexity: 1 })],
  });
  return fields + introspectionCost(asked, limit);
}

/** An operation with its fragments and its coerced variables, or the errors of its variables. */
export function prepareOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): ValidOperation | { errors: readonly GraphQLError[] } {
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
  if (errors) return { errors };
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  return { schema, operation, fragments, variables: coerced };
}
