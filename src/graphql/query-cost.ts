import { type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
// Its ES module build loads a second copy of graphql, whose types the first does not accept.
import complexity, { type ComplexityEstimator } from 'graphql-query-complexity/cjs';
import { MAX_FIRST } from '../relay/slice.js';

const { fieldExtensionsEstimator, getComplexity, simpleEstimator } = complexity;

/** What an operation may cost. A field costs 1, the fields of a list as often as `first` says. */
const MAX_COST = 20_000;

/** Tokens that a document may have, so that nothing is spent on reading what no client writes. */
export const MAX_TOKENS = 5_000;

/** A field that asks Zoom costs this much beside its fields: no operation has 20 of them. */
export const ZOOM_CALL = 1_000;

/**
 * A list: what is asked about each member, `first` times, and `base` for getting it. A longer list than there can be is
 * refused by name.
 */
export function listCost(base: number): ComplexityEstimator {
  return ({ args, childComplexity }) => {
    const { first } = args as { first: number };
    return base + Math.min(Math.max(first, 1), MAX_FIRST) * childComplexity;
  };
}

/**
 * Refuses an operation that would cost more than {@link MAX_COST}, before anything of it is done. Costs are written at
 * the fields (`complexity`).
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
          throw refused(
            `The operation costs ${cost}; ${MAX_COST} are allowed. Ask for fewer fields, or a smaller first.`,
          );
        return Promise.resolve();
      },
    }),
};

/** An operation whose cost cannot be told cannot be run either: a variable is not of its type, or it is endless. */
function costOf(estimate: () => number): number {
  try {
    return estimate();
  } catch (error) {
    if (error instanceof GraphQLError) throw refused(error.message, error.nodes);
    throw error;
  }
}

function refused(message: string, nodes?: GraphQLError['nodes']): GraphQLError {
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    extensions: { code: ApolloServerErrorCode.BAD_USER_INPUT, http: { status: 400 } },
  });
}
