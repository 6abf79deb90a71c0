import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type GraphQLSchema } from 'graphql';
import { GraphQLContext, type Services } from '../graphql/context.js';
import { createFormatError, maskedError } from '../graphql/format-error.js';
import { operationCheck } from '../graphql/operation-check.js';
import { costLimit, MAX_TOKENS } from '../graphql/query-cost.js';
import { type Logger } from '../lib/logger.js';
import { type Authenticate } from './authentication.js';
import { setBrowserBinding } from './callback-route.js';
import { deviceInfoOf } from './request-facts.js';
import { requireHost } from './request-host.js';

export interface GraphQLDependencies {
  schema: GraphQLSchema;
  services: Services;
  authenticate: Authenticate;
  secure: boolean;
  logger: Logger;
}

/** Mounts Apollo Server at `/graphql`, with or without a slash at the end: POST, and GET for persisted queries. CSRF prevention is on. */
export async function registerGraphQL(
  app: FastifyInstance,
  dependencies: GraphQLDependencies,
): Promise<void> {
  const { schema, logger } = dependencies;
  const apollo = new ApolloServer<GraphQLContext>({
    schema,
    introspection: true,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    formatError: createFormatError(logger, schema),
    logger: apolloLogger(logger),
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    // Fragments that use each other make a small document take endless time to validate.
    maxRecursiveSelections: true,
    plugins: [ApolloServerPluginLandingPageDisabled(), operationCheck, costLimit],
  });
  await apollo.start();
  // By then Fastify has answered all requests.
  app.addHook('onClose', () => apollo.stop());
  await app.register((scope) => {
    scope.setErrorHandler(graphqlShapedError(logger));
    requireHost(scope);
    const handler = fastifyApolloHandler(apollo, {
      context: (request, reply) => contextOf(dependencies, request, reply),
    });
    for (const url of ['/graphql', '/graphql/']) scope.route({ url, method: ['GET', 'POST'], handler });
    return Promise.resolve();
  });
}

async function contextOf(
  { services, authenticate, secure }: GraphQLDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<GraphQLContext> {
  // Resolvers throw it when they need the caller. Anyone may read the schema itself.
  const authentication = await authenticate(request.headers.authorization).catch(
    (error: unknown) => error as Error,
  );
  return new GraphQLContext(services, {
    authentication,
    correlationId: request.id,
    deviceInfo: deviceInfoOf(request),
    bindBrowser: (binding) => {
      setBrowserBinding(reply, binding, secure);
    },
  });
}

/** Answers errors that occur before Apollo (the body is not JSON, or too large) in the shape of Apollo's errors. */
function graphqlShapedError(logger: Logger) {
  return (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
    const status = error.statusCode ?? 500;
    const shaped =
      status < 500
        ? { message: error.message, extensions: { code: 'BAD_USER_INPUT' } }
        : maskedError(error, logger);
    return reply
      .code(status)
      .type('application/json; charset=utf-8')
      .send({ errors: [shaped] });
  };
}

/** Apollo's warnings are for developers: all but its errors are logged at debug level. */
function apolloLogger(logger: Logger) {
  const write = (message?: unknown) => {
    logger.debug(String(message));
  };
  return {
    debug: write,
    info: write,
    warn: write,
    error: (message?: unknown) => {
      logger.error(String(message));
    },
  };
}
