import { type FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import { type AuditRecord, MongoAuditLog } from './audit/audit-log';
import { BackgroundTasks } from './background-tasks';
import { type Clock, systemClock } from './clock';
import { type Config } from './config';
import { type Services } from './graphql/context';
import { createSchema } from './graphql/schema';
import { createApp } from './http/app';
import { createAuthenticate } from './http/authentication';
import { Metrics } from './http/metrics';
import { RateLimits } from './http/rate-limits';
import { type Logger } from './logger';
import { Maintenance } from './maintenance';
import { type Database, openDatabase } from './models/database';
import { OAuthClient } from './oauth/oauth-client';
import { AuthorizationRequestStore } from './tokens/authorization-request-store';
import { Authorizations } from './tokens/authorizations';
import { Connector } from './tokens/connector';
import { GrantStore } from './tokens/grant-store';
import { RefreshStore } from './tokens/refresh-store';
import { Refresher } from './tokens/refresher';
import { RevocationStore } from './tokens/revocation-store';
import { Revocations } from './tokens/revocations';
import { TokenCipher } from './tokens/token-cipher';
import { TokenService } from './tokens/token-service';
import { withPatience } from './timing';
import { createFetch } from './zoom/fetch';
import { identityReader } from './zoom/profile';
import { missingRequiredScopes } from './zoom/scopes';
import { ZoomApi } from './zoom/zoom-api';
import { ZoomClient } from './zoom/zoom-client';

/** A configuration with nothing left open. */
export type CompleteConfig = { [K in keyof Config]-?: NonNullable<Config[K]> };

/** What a test or the demo replaces. */
export interface Environs {
  logger: Logger;
  clock?: Clock;
  /** A number from 0 to 1. */
  jitter?: () => number;
  /** Pages for people, mounted beside the API. */
  pages?: (app: FastifyInstance) => Promise<void>;
}

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
    const { services, maintenance } = compose(config, environs, { database, tasks, metrics, rateLimits });
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
      corsOrigins: config.http.corsOrigins,
      trustProxy: config.http.trustProxy,
      pages: environs.pages,
    });
    const url = await app.listen({ host: config.http.host, port: config.http.port });
    maintenance.start();
    const close = async () => {
      maintenance.stop();
      const deadline = performance.now() + config.timing.shutdownTimeoutMs;
      const answered = await withPatience(closeApp(app), config.timing.shutdownTimeoutMs, false);
      const drained = await tasks.drain(deadline - performance.now());
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
async function closeApp(app: FastifyInstance): Promise<true> {
  const sweep = setInterval(() => {
    app.server.closeIdleConnections();
  }, 50);
  await app.close().finally(() => {
    clearInterval(sweep);
  });
  return true;
}

/** The domain: everything below HTTP. */
function compose(
  config: CompleteConfig,
  { logger, clock = systemClock, jitter = Math.random }: Environs,
  parts: { database: Database; tasks: BackgroundTasks; metrics: Metrics; rateLimits: RateLimits },
): { services: Services; maintenance: Maintenance } {
  const { models } = parts.database;
  const { tasks, metrics, rateLimits } = parts;
  const { zoom, timing } = config;
  const cipher = new TokenCipher(config.encryptionKeys);
  const oauth = new OAuthClient(
    { ...zoom, baseUrl: zoom.oauthBaseUrl, timeoutMs: timing.tokenTimeoutMs },
    createFetch({ keepAlive: false, timeoutMs: timing.tokenTimeoutMs }),
  );
  const api = new ZoomApi({
    baseUrl: zoom.apiBaseUrl,
    fetch: createFetch({ keepAlive: true, timeoutMs: timing.apiTimeoutMs }),
    timeoutMs: timing.apiTimeoutMs,
    clock,
    jitter,
    onAnswer: (answer) => {
      metrics.observeApiAnswer(answer);
    },
  });
  const audit = new MongoAuditLog({
    model: models.auditEvents,
    clock,
    retentionDays: config.auditRetentionDays,
    observers: [(record) => metrics.countEvent(record), logEvent(logger)],
    onFailure: (err) => {
      logger.error({ err }, 'audit event could not be stored');
    },
  });
  const grants = new GrantStore(models);
  const shared = { grants, oauth, cipher, audit, clock, tasks, logger };
  const revocations = new Revocations({ ...shared, pending: new RevocationStore(models) });
  const refreshes = new RefreshStore(models, timing.refreshLeaseTtlMs);
  const refresher = new Refresher({ ...shared, refreshes, revocations, jitter });
  const tokens = new TokenService(grants, refresher, clock, tasks);
  const authorizations = new Authorizations({
    ...shared,
    requests: new AuthorizationRequestStore(models),
    connector: new Connector({ grants, revocations, audit, clock }),
    randomBytes,
    readIdentity: identityReader(api),
    missingScopes: missingRequiredScopes,
    returnTo: { allowedOrigins: config.http.corsOrigins, defaultReturnTo: config.defaultReturnTo },
  });
  const services: Services = {
    ...{ grants, tokens, authorizations, revocations, clock },
    zoom: new ZoomClient({ tokens, api, logger }),
    missingScopes: missingRequiredScopes,
    limitUser: (operation, userId) => rateLimits.consume(operation, userId),
  };
  return { services, maintenance: new Maintenance({ grants, tokens, revocations, clock, logger, tasks }) };
}

function logEvent(logger: Logger) {
  return ({ type, userId, origin, cause, zoomTrackingId }: AuditRecord) => {
    logger.info(
      { userId, actor: origin.actor, cause, correlationId: origin.correlationId, zoomTrackingId },
      type,
    );
  };
}
