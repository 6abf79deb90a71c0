import { type FastifyInstance } from 'fastify';
import { BackgroundTasks } from '../lib/background-tasks.js';
import { systemClock } from '../lib/clock.js';
import { type CompleteConfig } from '../config/config.js';
import { type Services } from '../graphql/context.js';
import { createSchema } from '../graphql/schema.js';
import { createApp } from '../http/app.js';
import { createAuthenticate } from '../http/authentication.js';
import { Connections } from '../http/connections.js';
import { Metrics } from '../http/metrics.js';
import { RateLimits } from '../http/rate-limits.js';
import { openDatabase } from '../models/database.js';
import { withPatience } from '../lib/timing.js';
import { compose, type Environs } from './compose.js';

/** Connections that wait to be accepted; beyond them a crowd would dial again after seconds. The system may allow fewer. */
const BACKLOG = 4_096;

/** A listening server. */
export interface Server {
  /** Where it listens, without a trailing slash. */
  url: string;
  services: Services;
  /** One round of what otherwise runs twice a minute. */
  maintain: () => Promise<void>;
  /**
   * Stops taking requests, waits for those under way and for every refresh to be stored, then closes the database.
   * False when the shutdown timeout cut something off.
   */
  close: () => Promise<boolean>;
}

/** Builds the object graph and listens. Rejects when the database cannot be reached or the port is taken. */
export async function startServer(config: CompleteConfig, environs: Environs): Promise<Server> {
  const { logger } = environs;
  const database = await openDatabase(config.mongodbUri.reveal());
  try {
    const tasks = new BackgroundTasks((err) => {
      logger.error({ err }, 'background task failed');
    });
    const metrics = new Metrics(() => tasks.size);
    const rateLimits = new RateLimits(database.connection, environs.clock ?? systemClock, logger);
    await rateLimits.prepare();
    const { services, maintenance, deauthorizations } = compose(config, environs, {
      database,
      tasks,
      metrics,
      rateLimits,
    });
    const secure = config.zoom.redirectUri.startsWith('https:');
    const app = await createApp({
      logger,
      metrics,
      ping: () => database.ping(),
      callback: {
        authorizations: services.authorizations,
        secure,
        defaultReturnTo: config.defaultReturnTo,
        limitAddress: (address) => rateLimits.consume('callback', address),
        countOutcome: (outcome) => {
          metrics.countCallback(outcome);
        },
      },
      graphql: {
        schema: createSchema(),
        services,
        authenticate: createAuthenticate(config.authentication, environs.clock ?? systemClock),
        secure,
        introspection: true,
        logger,
      },
      webhook: config.zoom.webhookSecretToken && {
        deauthorizations,
        secretToken: config.zoom.webhookSecretToken,
        clientId: config.zoom.clientId,
        clock: environs.clock ?? systemClock,
        countOutcome: (outcome) => {
          metrics.countWebhook(outcome);
        },
      },
      corsOrigins: config.http.corsOrigins,
      trustProxy: config.http.trustProxy,
      pages: environs.pages,
    });
    const connections = new Connections(app.server);
    const url = await app.listen({ host: config.http.host, port: config.http.port, backlog: BACKLOG });
    maintenance.start();
    const close = async () => {
      maintenance.stop();
      const deadline = performance.now() + config.timing.shutdownTimeoutMs;
      const answered = await withPatience(closeApp(app, connections), config.timing.shutdownTimeoutMs, false);
      const drained = /* defence: shutdown-waits-for-tasks */ await tasks.drain(deadline - performance.now());
      await database.close();
      return answered && drained;
    };
    return { url, services, maintain: () => maintenance.round(), close };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Answers what is under way. A connection kept alive by its client becomes idle only after its last answer. */
async function closeApp(app: FastifyInstance, connections: Connections): Promise<true> {
  const sweep = setInterval(() => {
    // defence: shutdown-ends-idle-connections
    connections.closeIdle();
  }, 50);
  await app.close().finally(() => {
    clearInterval(sweep);
  });
  return true;
}
