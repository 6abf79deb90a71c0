import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { fastify, type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { randomUUID } from 'node:crypto';
import { type Logger } from '../lib/logger.js';
import { type CallbackDependencies, registerCallback } from './callback-route.js';
import { type GraphQLDependencies, registerGraphQL } from './graphql-route.js';
import { toFastifyTrust, type TrustProxy, warnOfIgnoredForwarding } from './forwarded-headers.js';
import { registerHealth } from './health-routes.js';
import { type Metrics } from './metrics.js';
import { registerWebhook, type WebhookDependencies } from './webhook-route.js';

export interface AppDependencies {
  logger: Logger;
  metrics: Metrics;
  ping: () => Promise<void>;
  callback: CallbackDependencies;
  graphql: GraphQLDependencies;
  /** Absent: there is no secret to verify webhooks with, so the route does not exist. */
  webhook?: WebhookDependencies | undefined;
  corsOrigins: readonly string[];
  trustProxy: TrustProxy;
  /** Whether the key ring opens what is stored. */
  keysFit: () => Promise<boolean>;
  /** Registers the pages for people: the demo, GraphiQL. */
  pages?: ((app: FastifyInstance) => Promise<void>) | undefined;
}

const MAX_BODY_BYTES = 256 * 1024;

/** Builds the HTTP server, which does not listen yet. Every answer carries the request's id in `x-request-id`. */
export async function createApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const { logger, metrics, ping, callback, graphql, webhook, corsOrigins, trustProxy, pages } = dependencies;
  const { keysFit } = dependencies;
  const loggerInstance: FastifyBaseLogger = logger;
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: toFastifyTrust(trustProxy),
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  });
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  warnOfIgnoredForwarding(app);
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      { req: request, status: reply.statusCode, durationMs: Math.round(reply.elapsedTime) },
      'request',
    );
  });
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
  registerHealth(app, { ping, keysFit, metrics });
  registerCallback(app, callback);
  if (webhook) await registerWebhook(app, webhook);
  await registerGraphQL(app, graphql);
  await pages?.(app);
  return app;
}
