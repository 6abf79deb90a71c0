import { type ApolloServerPlugin, type GraphQLRequestListener } from '@apollo/server';
import { type GraphQLSchema } from 'graphql';
import { AppError } from '../../lib/errors.js';
import { type GraphQLContext } from '../context.js';
import { MAX_COST, operationCost, prepareOperation } from '../query-cost.js';
import { refusedRequest } from '../refused-request.js';
import { shapeProblem } from './document-shape.js';
import { readsSchema, standardIntrospectionCost } from './introspection-cost.js';

/** Who may read the schema: everybody, callers with a valid token, nobody. */
export type IntrospectionAccess = 'everybody' | 'authenticated' | 'nobody';

/** Room beside the standard introspection query, such as for a `__typename`. */
const MARGIN = 1.05;

type Resolved = Parameters<NonNullable<GraphQLRequestListener<GraphQLContext>['didResolveOperation']>>[0];

/**
 * Refuses an operation before any of it runs when its document has too large a shape, when it reads the schema and the
 * caller may not, or when it costs more than the caller's budget. The budget of a request without a valid token is the
 * cost of the standard introspection query: such a request can read the schema and nothing else.
 */
export function operationLimits(
  schema: GraphQLSchema,
  introspection: IntrospectionAccess,
): ApolloServerPlugin<GraphQLContext> {
  const toIntrospect = Math.ceil(standardIntrospectionCost(schema) * MARGIN);
  const budgets = { anonymous: toIntrospect, signedIn: Math.max(MAX_COST, toIntrospect) };
  const check = ({ document, operation, request, contextValue }: Resolved) => {
    // Without an operation, the execution answers with the reason.
    if (!operation) return;
    const given = request.variables ?? {};
    const asked = prepareOperation(schema, document, operation, given);
    if ('errors' in asked)
      throw refusedRequest(asked.errors[0]?.message ?? '', { nodes: asked.errors[0]?.nodes });
    const problem = shapeProblem(document, operation, asked.fragments);
    if (problem) throw refusedRequest(problem);
    if (introspection === 'authenticated' && !contextValue.isSignedIn && readsSchema(asked))
      throw refusedRequest('', { cause: new AppError('UNAUTHENTICATED') });
    const budget = contextValue.isSignedIn ? budgets.signedIn : budgets.anonymous;
    const cost = operationCost(document, asked, given, budget);
    if (cost > budget)
      throw refusedRequest(
        `The operation costs ${cost}; ${budget} are allowed. Ask for fewer fields, or a smaller first.`,
      );
  };
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: (resolved) => {
          check(resolved);
          return Promise.resolve();
        },
      }),
  };
}
