import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { fastify, type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { type Logger } from '../lib/logger.js';
import { type Secret } from '../lib/secret.js';
import { type CallbackDependencies, registerCallback } from './callback-route.js';
import { closeConnectionsWhile, type Draining } from './draining.js';
import { answerClientError, answerErrors, answerFrameworkError } from './error-answers.js';
import { type GraphQLDependencies, registerGraphQL } from './graphql-route.js';
import { warnOfIgnoredForwarding } from './forwarded-headers.js';
import { type HealthDependencies, registerHealth } from './health-routes.js';
import { registerMetrics } from './metrics-route.js';
import { type Metrics } from './metrics.js';
import { BODY_TIMEOUT_MS, HEADERS_TIMEOUT_MS, limitBodyTime, REQUEST_TIMEOUT_MS } from './request-bounds.js';
import { identifyRequests, requestIdOf } from './request-identity.js';
import { type TrustedProxies, trustOf, type TrustsPeer } from './trusted-peers.js';
import { registerWebhook, type WebhookDependencies } from './webhook-route.js';

export interface AppDependencies {
  logger: Logger;
  metrics: Metrics;
  draining: Draining;
  /** Absent: `/metrics` is not served. */
  metricsAccess?: { token: Secret | undefined } | undefined;
  health: HealthDependencies;
  callback: CallbackDependencies;
  graphql: GraphQLDependencies;
  /** Absent: there is no secret to verify webhooks with, so the route does not exist. */
  webhook?: WebhookDependencies | undefined;
  corsOrigins: readonly string[];
  trustProxy: TrustedProxies;
  /** Registers the pages for people: the demo, GraphiQL. */
  pages?: ((app: FastifyInstance) => Promise<void>) | undefined;
}

const MAX_BODY_BYTES = 256 * 1024;
/** How often Node looks for requests whose headers or bodies are late. */
const LATE_REQUESTS_EVERY_MS = 1_000;

/** Builds the HTTP server, which does not listen yet. Every answer carries the request's id in `x-request-id`. */
export async function createApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const { metrics, metricsAccess, callback, graphql, webhook, pages } = dependencies;
  const trusts = trustOf(dependencies.trustProxy);
  const app = createServer(dependencies, trusts);
  closeConnectionsWhile(dependencies.draining, app);
  answerErrors(app);
  identifyRequests(app, trusts);
  metrics.requests.observeRequests(app);
  warnOfIgnoredForwarding(app);
  limitBodyTime(app);
  await registerPolicies(app, dependencies.corsOrigins);
  registerHealth(app, dependencies.health);
  if (metricsAccess) registerMetrics(app, { metrics, ...metricsAccess });
  registerCallback(app, callback);
  if (webhook) await registerWebhook(app, webhook);
  await registerGraphQL(app, graphql);
  await pages?.(app);
  return app;
}

function createServer({ logger }: AppDependencies, trusts: TrustsPeer): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = logger;
  return fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: trusts,
    genReqId: requestIdOf(trusts),
    forceCloseConnections: 'idle',
    // What arrives on a connection that is still open is answered: a proxy would pass a 503 on.
    return503OnClosing: false,
    handlerTimeout: REQUEST_TIMEOUT_MS,
    // For what never reaches a route. A body that a route waits for ends earlier, by limitBodyTime.
    requestTimeout: BODY_TIMEOUT_MS + HEADERS_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: LATE_REQUESTS_EVERY_MS },
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError(logger),
  });
}

async function registerPolicies(app: FastifyInstance, corsOrigins: readonly string[]): Promise<void> {
  await app.register(helmet, {
    strictTransportSecurity: { maxAge: 31_536_000 },
    // For the API. The pages send policies of their own.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
  });
  await app.register(cors, { origin: [...corsOrigins], credentials: true, exposedHeaders: ['x-request-id'] });
  await app.register(cookie);
}
