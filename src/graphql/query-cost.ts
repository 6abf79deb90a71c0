import { type ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
// Its ES module build loads a second copy of graphql, and graphql refuses types of another copy.
import complexity, { type ComplexityEstimator } from 'graphql-query-complexity/cjs';
import { MAX_FIRST } from '../relay/slice.js';
import { withoutNulls } from './omit-null-arguments.js';
import { refusedRequest } from './refused-request.js';

const { fieldExtensionsEstimator, getComplexity, simpleEstimator } = complexity;

/** The most that an operation may cost. A field costs 1; the fields of a list cost `first` times as much. */
const MAX_COST = 20_000;

/** The most tokens that a document may have. A longer one is not even parsed. */
export const MAX_TOKENS = 5_000;

/** The cost of a field that calls Zoom, beside its own fields. So an operation has at most 19 such fields. */
export const ZOOM_CALL = 1_000;

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

/**
 * Refuses an operation that would cost more than {@link MAX_COST}, before any of it runs. The option `complexity` of a
 * field states its cost.
 */
export const costLimit: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ schema, document, operation, request }) => {
        const cost = costOf(() =>
          getComplexity({
            schema,
            query: document,
            ...(operation?.name && { operationName: operation.name.value }),
            ...(request.variables && { variables: request.variables }),
            estimators: [fieldExtensionsEstimator(), simpleEstimator({ defaultComplexity: 1 })],
          }),
        );
        if (cost > MAX_COST)
          throw refusedRequest(
            `The operation costs ${cost}; ${MAX_COST} are allowed. Ask for fewer fields, or a smaller first.`,
          );
        return Promise.resolve();
      },
    }),
};

/** Refuses an operation whose cost cannot be computed: a variable is null where it must not be, or fragments form a cycle. */
function costOf(estimate: () => number): number {
  try {
    return estimate();
  } catch (error) {
    if (error instanceof GraphQLError) throw refusedRequest(error.message, { nodes: error.nodes });
    throw error;
  }
}
