import { ApolloServerErrorCode } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';

/** The error of a request that is refused before any of it runs: HTTP 400 and `BAD_USER_INPUT`. */
export function refusedRequest(
  message: string,
  { nodes, cause }: { nodes?: GraphQLError['nodes']; cause?: Error } = {},
): GraphQLError {
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    originalError: cause ?? null,
    extensions: { code: ApolloServerErrorCode.BAD_USER_INPUT, http: { status: 400 } },
  });
}
