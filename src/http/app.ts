import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { fastify, type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { randomUUID } from 'node:crypto';
import { type Logger } from '../lib/logger.js';
import { type CallbackDependencies, registerCallback } from './callback-route.js';
import { type GraphQLDependencies, registerGraphQL } from './graphql-route.js';
import { registerHealth } from './health-routes.js';
import { type Metrics } from './metrics.js';
import { registerWebhook, type WebhookDependencies } from './webhook-route.js';

/** What the HTTP server works with. */
export interface AppDependencies {
  logger: Logger;
  metrics: Metrics;
  ping: () => Promise<void>;
  callback: CallbackDependencies;
  graphql: GraphQLDependencies;
  /** Absent: no secret to verify Zoom's events with, so none are taken. */
  webhook?: WebhookDependencies;
  corsOrigins: readonly string[];
  trustProxy: boolean | string;
  /** Pages for people: the demo, GraphiQL. */
  pages?: (app: FastifyInstance) => Promise<void>;
}

const MAX_BODY_BYTES = 256 * 1024;

/** The HTTP server, not listening yet. Every answer names its request in `x-request-id`. */
export async function createApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const { logger, metrics, ping, callback, graphql, webhook, corsOrigins, trustProxy, pages } = dependencies;
  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    trustProxy,
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  });
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      { req: request, status: reply.statusCode, durationMs: Math.round(reply.elapsedTime) },
      'request',
    );
  });
  await app.register(helmet, {
    strictTransportSecurity: { maxAge: 31_536_000 },
    // For answers that are no pages; the pages send policies of their own.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
  });
  await app.register(cors, { origin: [...corsOrigins], credentials: true, exposedHeaders: ['x-request-id'] });
  await app.register(cookie);
  registerHealth(app, { ping, metrics });
  registerCallback(app, callback);
  if (webhook) await registerWebhook(app, webhook);
  await registerGraphQL(app, graphql);
  await pages?.(app);
  return app;
}
