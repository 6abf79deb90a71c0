import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type GraphQLSchema } from 'graphql';
import { GraphQLContext, type Services } from '../graphql/context.js';
import { createFormatError, maskedError } from '../graphql/format-error.js';
import { operationCheck } from '../graphql/operation-check.js';
import { checkDocumentSource, type DocumentSource } from '../graphql/limits/document-source.js';
import { type IntrospectionAccess, operationLimits } from '../graphql/limits/operation-limits.js';
import { type TrustedDocuments } from '../graphql/limits/trusted-documents.js';
import { operationReport } from '../graphql/operation-report.js';
import { type OperationReport } from '../graphql/operation.js';
import { MAX_TOKENS } from '../graphql/query-cost.js';
import { type ErrorCode, ERROR_CODES } from '../lib/errors.js';
import { type Logger } from '../lib/logger.js';
import { currentRequest } from '../lib/request-scope.js';
import { limitAnswerSize } from './answer-size.js';
import { type Authenticate } from './authentication.js';
import { setBrowserBinding } from './callback-route.js';
import { parsedDocuments, persistedQueries } from './graphql-documents.js';
import { deviceInfoOf } from './request-facts.js';
import { isTimeout } from './request-bounds.js';
import { requireHost } from './request-host.js';

export interface GraphQLDependencies {
  schema: GraphQLSchema;
  services: Services;
  authenticate: Authenticate;
  secure: boolean;
  logger: Logger;
  introspection: IntrospectionAccess;
  /** The only documents that are run. Undefined: all that keep the limits. */
  trustedDocuments: TrustedDocuments | undefined;
  /** Counts how an operation ended. */
  observe: (operation: OperationReport) => void;
}

/** Mounts Apollo Server at `/graphql`, with or without a slash at the end: POST, and GET for persisted queries. CSRF prevention is on. */
export async function registerGraphQL(
  app: FastifyInstance,
  dependencies: GraphQLDependencies,
): Promise<void> {
  const { schema, logger, introspection, trustedDocuments } = dependencies;
  const apollo = new ApolloServer<GraphQLContext>({
    schema,
    introspection: introspection !== 'nobody',
    hideSchemaDetailsFromClientErrors: introspection !== 'everybody',
    persistedQueries: { cache: persistedQueries(trustedDocuments) },
    documentStore: parsedDocuments(),
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    formatError: createFormatError(logger, schema),
    logger: apolloLogger(logger),
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    // Fragments that use each other make a small document take endless time to validate.
    maxRecursiveSelections: true,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      operationReport,
      operationCheck,
      operationLimits(schema, introspection),
    ],
  });
  await apollo.start();
  // By then Fastify has answered all requests.
  app.addHook('onClose', () => apollo.stop());
  await app.register((scope) => {
    scope.setErrorHandler(graphqlShapedError(logger));
    limitAnswerSize(scope);
    requireHost(scope);
    const handler = fastifyApolloHandler(apollo, {
      context: (request, reply) => contextOf(dependencies, request, reply),
    });
    for (const url of ['/graphql', '/graphql/']) scope.route({ url, method: ['GET', 'POST'], handler });
    return Promise.resolve();
  });
}

async function contextOf(
  { services, authenticate, secure, trustedDocuments, observe }: GraphQLDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<GraphQLContext> {
  // Resolvers throw it when they need the caller. Anyone may read the schema itself.
  const authentication = await authenticate(request.headers.authorization).catch(
    (error: unknown) => error as Error,
  );
  const isSignedIn = !(authentication instanceof Error);
  const scope = currentRequest();
  if (scope && isSignedIn) scope.caller = authentication.userId;
  const source = (request.method === 'GET' ? request.query : request.body) as DocumentSource | null;
  checkDocumentSource(source ?? {}, { isSignedIn, trusted: trustedDocuments });
  return new GraphQLContext(services, {
    authentication,
    report: (operation) => {
      request.operation = operation;
      observe(operation);
    },
    correlationId: request.id,
    deviceInfo: deviceInfoOf(request),
    bindBrowser: (binding) => {
      setBrowserBinding(reply, binding, secure);
    },
  });
}

/** Answers errors that occur before Apollo (the body is not JSON, or too large) in the shape of Apollo's errors. */
export function graphqlShapedError(logger: Logger) {
  return (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
    const status = error.statusCode ?? 500;
    if (isTimeout(error)) return reply.code(status).send({ errors: [timedOut()] });
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

/** The operation goes on, and what it has asked Zoom for may happen. */
function timedOut() {
  const code = 'TIMEOUT' satisfies ErrorCode;
  return { message: ERROR_CODES[code], extensions: { code, outcomeUnknown: true } };
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
