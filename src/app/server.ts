import { type FastifyInstance } from 'fastify';
import { BackgroundTasks } from '../lib/background-tasks.js';
import { systemClock } from '../lib/clock.js';
import { type Logger } from '../lib/logger.js';
import { type CompleteConfig } from '../config/config.js';
import { type Services } from '../graphql/context.js';
import { createSchema } from '../graphql/schema.js';
import { createApp } from '../http/app.js';
import { checkKeys } from '../grants/store/key-check.js';
import { TokenCipher } from '../grants/token-cipher.js';
import { IdleSockets } from '../http/idle-sockets.js';
import { Metrics } from '../http/metrics.js';
import { RateLimits } from '../http/rate-limits.js';
import { openDatabase } from '../models/database.js';
import { withTimeout } from '../lib/timing.js';
import { compose, type Overrides } from './compose.js';
import { composeAuthentication } from './compose-authentication.js';
import { createKeyReadiness } from './key-readiness.js';

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

/**
 * Builds the object graph and listens. With `stopping`, it waits for a database that does not answer until that signal is
 * aborted; without, it rejects.
 * @throws StartError when the operator has to mend something
 */
export async function startServer(
  config: CompleteConfig,
  overrides: Overrides,
  stopping?: AbortSignal,
): Promise<Server> {
  const { logger, clock = systemClock } = overrides;
  const database = await openDatabase(
    config.mongodbUri.reveal(),
    stopping && { signal: stopping, onUnavailable: logUnavailable(logger) },
  );
  try {
    const tasks = new BackgroundTasks((err) => {
      logger.error({ err }, 'background task failed');
    });
    const metrics = new Metrics(() => tasks.size);
    const rateLimits = new RateLimits(database.connection, clock, logger);
    await rateLimits.prepare();
    const { services, maintenance, deauthorizations } = compose(config, overrides, {
      database,
      tasks,
      metrics,
      rateLimits,
    });
    const [firstToken, ...otherTokens] = config.zoom.webhookSecretTokens ?? [];
    const keysFit = createKeyReadiness({
      check: () => checkKeys(database.models, new TokenCipher(config.encryptionKeys)),
      clock,
      logger,
    });
    await keysFit().catch((err: unknown) => {
      logger.warn({ err }, 'the keys could not be checked yet');
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
        authenticate: composeAuthentication(config, { metrics, logger, clock }),
        secure,
        logger,
      },
      ...(firstToken && {
        webhook: {
          deauthorizations,
          secretTokens: [firstToken, ...otherTokens],
          clientId: config.zoom.clientId,
          clock: clock,
          countOutcome: (outcome) => {
            metrics.countWebhook(outcome);
          },
        },
      }),
      corsOrigins: config.http.corsOrigins,
      trustProxy: config.http.trustProxy,
      keysFit,
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

function logUnavailable(logger: Logger) {
  return (error: unknown, tries: number) => {
    logger.warn({ problem: (error as Error).message, tries }, 'the database does not answer; the server waits for it before it listens');
  };
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
