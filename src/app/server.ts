import { type FastifyInstance } from 'fastify';
import { BackgroundTasks } from '../lib/background-tasks.js';
import { systemClock } from '../lib/clock.js';
import { type CompleteConfig } from '../config/config.js';
import { type Services } from '../graphql/context.js';
import { createSchema } from '../graphql/schema.js';
import { createApp } from '../http/app.js';
import { createAuthenticate } from '../http/authentication.js';
import { IdleSockets } from '../http/idle-sockets.js';
import { Metrics } from '../http/metrics.js';
import { RateLimits } from '../http/rate-limits.js';
import { openDatabase } from '../models/database.js';
import { withTimeout } from '../lib/timing.js';
import { compose, type Overrides } from './compose.js';

/** How many connections may wait to be accepted. Clients beyond that retry after seconds. The system may allow fewer. */
const BACKLOG = 4_096;

/** Left of the shutdown timeout for the database after the last delivery of an event is aborted. */
const LAST_WRITES_MS = 1_000;

/** A listening server. */
export interface Server {
  /** Where it listens, without a trailing slash. */
  url: string;
  services: Services;
  /** Runs the maintenance once, which otherwise runs twice a minute. */
  maintain: () => Promise<void>;
  /**
   * Stops accepting requests, waits for requests and background tasks that are under way, then closes the database.
   * False when the shutdown timeout cut something off.
   */
  close: () => Promise<boolean>;
}

/** Builds the object graph and listens. Rejects when the database cannot be reached or the port is taken. */
export async function startServer(config: CompleteConfig, overrides: Overrides): Promise<Server> {
  const { logger } = overrides;
  const database = await openDatabase(config.mongodbUri.reveal(), {
    onRebuild: (outcome) => {
      logger.error({ outcome }, 'the database client did not recover by itself');
    },
    onForeignRows: (rows) => {
      logger.error(
        { rows },
        'the database holds rows that are not ours, they are left alone; docs/migration.md says more',
      );
    },
    onIndex: (finding) => {
      logger.warn(finding, 'an index is not as this release wants it');
    },
  });
  try {
    const tasks = new BackgroundTasks((err) => {
      logger.error({ err }, 'background task failed');
    });
    const metrics = new Metrics(() => tasks.size);
    const rateLimits = new RateLimits(database.connection, overrides.clock ?? systemClock, logger);
    await rateLimits.prepare();
    const { services, maintenance, deauthorizations } = compose(config, overrides, {
      database,
      tasks,
      metrics,
      rateLimits,
    });
    const { webhookSecretToken } = config.zoom;
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
        authenticate: createAuthenticate(config.authentication, overrides.clock ?? systemClock),
        secure,
        logger,
      },
      ...(webhookSecretToken && {
        webhook: {
          deauthorizations,
          secretToken: webhookSecretToken,
          clientId: config.zoom.clientId,
          clock: overrides.clock ?? systemClock,
          countOutcome: (outcome) => {
            metrics.countWebhook(outcome);
          },
        },
      }),
      corsOrigins: config.http.corsOrigins,
      trustProxy: config.http.trustProxy,
      ...(overrides.pages && { pages: overrides.pages }),
    });
    const idleSockets = new IdleSockets(app.server);
    const url = await app.listen({ host: config.http.host, port: config.http.port, backlog: BACKLOG });
    maintenance.start();
    const close = async () => {
      const { shutdownTimeoutMs } = config.timing;
      const deadline = performance.now() + shutdownTimeoutMs;
      tasks.run(maintenance.stop(Math.max(0, shutdownTimeoutMs - LAST_WRITES_MS)));
      const answered = await withTimeout(closeApp(app, idleSockets), shutdownTimeoutMs, false);
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

/** Answers the requests under way, then closes. Idle keep-alive connections are closed as they become idle. */
async function closeApp(app: FastifyInstance, idleSockets: IdleSockets): Promise<true> {
  const sweep = setInterval(() => {
    // defence: shutdown-ends-idle-connections
    idleSockets.end();
  }, 50);
  await app.close().finally(() => {
    clearInterval(sweep);
  });
  return true;
}
