import { readFileSync } from 'node:fs';
import { BackgroundTasks } from '../lib/background-tasks.js';
import { systemClock } from '../lib/clock.js';
import { type Logger } from '../lib/logger.js';
import { type CompleteConfig } from '../config/config.js';
import { type Services } from '../graphql/context.js';
import { TrustedDocuments } from '../graphql/limits/trusted-documents.js';
import { createSchema, fieldsOf } from '../graphql/schema.js';
import { createApp } from '../http/app.js';
import { checkKeys } from '../grants/store/key-check.js';
import { TokenCipher } from '../grants/token-cipher.js';
import { Draining } from '../http/draining.js';
import { IdleSockets } from '../http/idle-sockets.js';
import { Metrics } from '../http/metrics.js';
import { RateLimits } from '../http/rate-limits.js';
import { cutOffSlowReaders, limitConnections } from '../http/socket-bounds.js';
import { openDatabase } from '../models/database.js';
import { ClientReport } from './client-report.js';
import { compose, type Overrides } from './compose.js';
import { composeAuthentication } from './compose-authentication.js';
import { createKeyReadiness } from './key-readiness.js';
import { drain } from './drain.js';

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
   * Drains (SHUTDOWN_DELAY_MS), waits for requests and background tasks that are under way, then closes the database.
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
  const trustedDocuments = readTrustedDocuments(config);
  const tasks = new BackgroundTasks((err) => {
    logger.error({ err }, 'background task failed');
  });
  const metrics = new Metrics(() => tasks.size);
  const clientReport = new ClientReport({ metrics, logger });
  const database = await openDatabase(config.mongodbUri.reveal(), {
    onRebuild: (outcome) => {
      clientReport.rebuilt(outcome, database);
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
    ...(stopping && { waiting: { signal: stopping, onUnavailable: logUnavailable(logger) } }),
  });
  try {
    clientReport.follow(database);
    const rateLimits = new RateLimits(database.connection, clock, logger, config.api, (operation) => {
      metrics.work.countRateLimited(operation);
    });
    await rateLimits.prepare();
    if (trustedDocuments) metrics.requests.nameOperations(trustedDocuments.operationNames);
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
    const schema = createSchema();
    metrics.nameFields(fieldsOf(schema));
    const draining = new Draining();
    const app = await createApp({
      logger,
      metrics,
      metricsAccess:
        config.production && !config.api.metricsToken ? undefined : { token: config.api.metricsToken },
      health: {
        liveness: { maintenance: () => maintenance.checkRounds() },
        readiness: {
          database: () => database.ping(),
          keys: async () => {
            if (!(await keysFit())) throw new Error('the keys do not open what is stored');
          },
        },
        draining,
      },
      draining,
      callback: {
        authorizations: services.authorizations,
        secure,
        defaultReturnTo: config.defaultReturnTo,
        allowsAddress: (address) => rateLimits.allows('callback', address),
        track: (work) => {
          tasks.run(work);
        },
        countOutcome: (outcome) => {
          metrics.countCallback(outcome);
        },
      },
      graphql: {
        schema,
        services,
        authenticate: composeAuthentication(config, { metrics, logger, clock }),
        secure,
        logger,
        introspection: config.api.introspection,
        trustedDocuments,
        observe: (operation) => {
          metrics.requests.observeOperation(operation);
        },
      },
      ...(firstToken && {
        webhook: {
          deauthorizations,
          secretTokens: [firstToken, ...otherTokens],
          clientId: config.zoom.clientId,
          clock,
          countOutcome: (outcome) => {
            metrics.countWebhook(outcome);
          },
          observeLag: (lagMs) => {
            metrics.work.observeWebhookLag(lagMs);
          },
        },
      }),
      corsOrigins: config.http.corsOrigins,
      trustProxy: config.http.trustProxy,
      ...(overrides.pages && { pages: overrides.pages }),
    });
    const idleSockets = new IdleSockets(app.server);
    cutOffSlowReaders(app.server, (socket) => idleSockets.isBusy(socket));
    limitConnections(app.server, logger);
    const url = await app.listen({ host: config.http.host, port: config.http.port, backlog: BACKLOG });
    maintenance.start();
    const close = async () => {
      const { shutdownDelayMs: delayMs, shutdownTimeoutMs: timeoutMs } = config.timing;
      const deadline = performance.now() + delayMs + timeoutMs;
      tasks.run(maintenance.stop(Math.max(0, delayMs + timeoutMs - LAST_WRITES_MS)));
      const answered = await drain({ app, draining, idleSockets }, { delayMs, timeoutMs });
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

/** @throws Error when the file cannot be read, or is no manifest */
function readTrustedDocuments({ api }: CompleteConfig): TrustedDocuments | undefined {
  const { trustedDocumentsFile } = api;
  if (trustedDocumentsFile === undefined) return undefined;
  return new TrustedDocuments(readFileSync(trustedDocumentsFile, 'utf8'));
}

function logUnavailable(logger: Logger) {
  return (error: unknown, tries: number) => {
    logger.warn(
      { problem: (error as Error).message, tries },
      'the database does not answer; the server waits for it before it listens',
    );
  };
}
