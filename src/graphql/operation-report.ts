import { type ApolloServerPlugin, type GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { currentRequest } from '../lib/request-scope.js';
import { type GraphQLContext } from './context.js';
import { type OperationReport } from './operation.js';

/** Names longer than this are cut. */
const LONGEST_NAME = 64;

/** Reports every operation that Apollo Server answers, also one that it refuses. */
export const operationReport: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: () => {
    const began = performance.now();
    return Promise.resolve({
      didResolveOperation: ({ operationName }) => {
        const scope = currentRequest();
        if (scope && operationName) scope.operation = operationName.slice(0, LONGEST_NAME);
        return Promise.resolve();
      },
      willSendResponse: (answered) => {
        answered.contextValue.report(reportOf(answered, performance.now() - began));
        return Promise.resolve();
      },
    });
  },
};

function reportOf(
  { operationName, contextValue, response }: GraphQLRequestContextWillSendResponse<GraphQLContext>,
  durationMs: number,
): OperationReport {
  const { body } = response;
  const extensions = (body.kind === 'single' ? (body.singleResult.errors ?? []) : []).map(
    (error) => error.extensions ?? {},
  );
  const textsOf = (key: string) => [
    ...new Set(extensions.map((each) => each[key]).filter((value) => typeof value === 'string')),
  ];
  return {
    ...(operationName && { name: operationName.slice(0, LONGEST_NAME) }),
    ...(contextValue.isSignedIn && { userId: contextValue.caller.userId }),
    codes: textsOf('code'),
    errorIds: textsOf('errorId'),
    durationMs,
  };
}
