import { type ApolloServerPlugin } from '@apollo/server';
import { AppError } from '../lib/errors.js';
import { refusedRequest } from './refused-request.js';
import { variableProblem } from './variable-problem.js';

/**
 * Checks an operation before anything else looks at it. It refuses a kind of operation that this API does not have, and
 * variables that do not fit, with the argument at fault. An empty `operationName` counts as none, because clients with
 * one operation send it.
 */
export const operationCheck: ApolloServerPlugin = {
  requestDidStart: ({ request }) => {
    if (request.operationName === '') delete request.operationName;
    return Promise.resolve({
      didResolveOperation: ({ schema, document, operation, request: { variables = {} } }) => {
        if (!operation) return Promise.resolve();
        if (!schema.getRootType(operation.operation))
          throw refusedRequest(`This API has no operation of the kind ${operation.operation}.`);
        const problem = variableProblem(schema, { document, operation }, variables);
        if (problem) {
          const { argument, message, definition } = problem;
          const cause = new AppError('BAD_USER_INPUT', { argument, message });
          throw refusedRequest(message, { nodes: [definition], cause });
        }
        return Promise.resolve();
      },
    });
  },
};
