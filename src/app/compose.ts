import { AccessLog } from '../audit/access-log.js';
import { AuditLog } from '../audit/audit-log.js';
import { TrailErasure } from '../audit/trail-erasure.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { type BackgroundTasks } from '../lib/background-tasks.js';
import { type Clock, systemClock } from '../lib/clock.js';
import { type Services } from '../graphql/context.js';
import { type Metrics } from '../http/metrics.js';
import { type RateLimits } from '../http/rate-limits.js';
import { type Logger } from '../lib/logger.js';
import { Maintenance } from './maintenance.js';
import { type AuditEvent } from '../models/audit-event.js';
import { type Database } from '../models/database.js';
import { type OnTokenRequest } from '../oauth/token-request-report.js';
import { OAuthClient } from '../oauth/oauth-client.js';
import { AuthorizationRequestStore } from '../grants/connect/authorization-request-store.js';
import { GrantOutbox } from '../grants/store/grant-outbox.js';
import { Authorizations } from '../grants/connect/authorization-flow.js';
import { Connector } from '../grants/connect/connector.js';
import { Deauthorizations } from '../grants/disconnect/deauthorizations.js';
import { ZoomUserErasure } from '../grants/disconnect/zoom-user-erasure.js';
import { GrantErasure } from '../grants/store/grant-erasure.js';
import { GrantStore } from '../grants/store/grant-store.js';
import { RefreshStore } from '../grants/store/refresh-store.js';
import { AccessTokens } from '../grants/refresh/access-tokens.js';
import { RevocationStore } from '../grants/disconnect/revocation-store.js';
import { Revocations } from '../grants/disconnect/revocations.js';
import { tokenRequestOutcome } from '../grants/token-request-outcome.js';
import { TokenCipher } from '../grants/token-cipher.js';
import { createFetch } from '../lib/http-client.js';
import { identityReader } from '../zoom/profile.js';
import { missingRequiredScopes } from '../zoom/scopes.js';
import { ZoomApi } from '../zoom/api/zoom-api.js';
import { ZoomClient } from '../zoom/api/zoom-client.js';
import { composeCensus } from './compose-census.js';
import { composeEvents } from './compose-events.js';
import { composeMeetings } from './compose-meetings.js';
import { createOddityReport } from './oddity-report.js';
import { type CompleteConfig } from '../config/config.js';
import { type FastifyInstance } from 'fastify';

/** What a test or the demo replaces. */
export interface Overrides {
  logger: Logger;
  clock?: Clock;
  /** A number from 0 to 1. */
  jitter?: () => number;
  /** Pages for people, mounted beside the API. */
  pages?: (app: FastifyInstance) => Promise<void>;
}

/** Builds the domain: everything below HTTP. */
export function compose(
  config: CompleteConfig,
  { logger, clock = systemClock, jitter = Math.random }: Overrides,
  parts: { database: Database; tasks: BackgroundTasks; metrics: Metrics; rateLimits: RateLimits },
): { services: Services; maintenance: Maintenance; deauthorizations: Deauthorizations } {
  const { models } = parts.database;
  const { tasks, metrics, rateLimits } = parts;
  const { zoom, timing, proxies } = config;
  const cipher = new TokenCipher(config.encryptionKeys);
  const onOddity = createOddityReport({
    logger,
    count: (answer) => {
      metrics.countOddAnswer(answer);
    },
  });
  const onTokenRequest: OnTokenRequest = ({ operation, failure, durationMs }) => {
    metrics.work.observeTokenRequest({
      operation,
      outcome: tokenRequestOutcome(failure, clock()),
      durationMs,
    });
  };
  const oauth = new OAuthClient(
    { ...zoom, baseUrl: zoom.oauthBaseUrl, timeoutMs: timing.tokenTimeoutMs },
    createFetch({ keepAlive: false, timeoutMs: timing.tokenTimeoutMs, proxies, passTrace: true }),
    onOddity,
    onTokenRequest,
  );
  const api = new ZoomApi({
    baseUrl: zoom.apiBaseUrl,
    fetch: createFetch({ keepAlive: true, timeoutMs: timing.apiTimeoutMs, proxies, passTrace: true }),
    timeoutMs: timing.apiTimeoutMs,
    clock,
    jitter,
    onAnswer: (answer) => {
      metrics.observeApiAnswer(answer);
    },
    onTurn: (waitedMs) => {
      metrics.observeApiTurn(waitedMs);
    },
  });
  const events = composeEvents(config, { models, metrics, clock, tasks, logger });
  const onFailure = (err: unknown) => {
    logger.error({ err }, 'audit event not stored, or not followed up');
  };
  const audit = new AuditLog({
    models,
    clock,
    retentionDays: config.auditRetentionDays,
    observers: [(event) => metrics.countEvent(event), logEvent(logger)],
    onFailure,
  });
  const followUp = events && ((event: AuditEvent) => events.enqueue(event));
  const outbox = new GrantOutbox({ models, audit, clock, followUp, onFailure });
  const grants = new GrantStore(models, audit, outbox, clock);
  const erasure = new GrantErasure(models);
  const shared = { grants, oauth, cipher, audit, clock, tasks, logger };
  const revocations = new Revocations({ ...shared, erasure, pending: new RevocationStore(models) });
  const refreshes = new RefreshStore(models, audit, outbox, clock, timing.refreshLeaseTtlMs);
  const tokens = new AccessTokens({
    ...shared,
    refreshes,
    revocations,
    jitter,
    restoredAt: config.databaseRestoredAt,
    onLeaseWait: (wait) => {
      metrics.observeLeaseWait(wait);
    },
    onRefusal: (refusal) => {
      metrics.countRefusal(refusal);
    },
  });
  const authorizations = new Authorizations({
    ...shared,
    requests: new AuthorizationRequestStore(models),
    connector: new Connector({ grants, revocations }),
    readIdentity: identityReader(api),
    missingScopes: missingRequiredScopes,
    returnTo: { allowedOrigins: returnOrigins(config), defaultReturnTo: config.defaultReturnTo },
  });
  const services: Services = {
    grants,
    tokens,
    authorizations,
    revocations,
    clock,
    access: new AccessLog({
      audit,
      clock,
      logger,
      countRefusal: (field) => {
        metrics.countRefusedAccess(field);
      },
    }),
    auditTrail: new AuditTrail(models, (userId) => outbox.drainOf(userId)),
    zoom: new ZoomClient({ tokens, api, onOddity, logger }),
    meetings: composeMeetings(config, {
      ...shared,
      ...{ models, api, jitter, onOddity, onTokenRequest },
      limitHosted: (userId) => rateLimits.consumeHosted(userId),
    }),
    missingScopes: missingRequiredScopes,
    limitUser: (operation, userId) => rateLimits.consume(operation, userId),
  };
  const keyIds = config.encryptionKeys.map(({ kid }) => kid);
  const maintenance = new Maintenance({
    ...{ grants, tokens, revocations, outbox, events, clock, logger, tasks },
    takeCensus: composeCensus(parts.database, { metrics, clock, keyIds }),
    onRun: (job, outcome) => {
      metrics.work.countRun(job, outcome, clock());
    },
    onItemFailure: (job) => {
      metrics.work.countItemFailure(job);
    },
  });
  metrics.work.nameJobs(maintenance.jobs, clock());
  return {
    services,
    maintenance,
    deauthorizations: new Deauthorizations({
      ...shared,
      readIdentity: identityReader(api),
      erasure: new ZoomUserErasure({ grants, erasure, trail: new TrailErasure(models), outbox }),
    }),
  };
}

/** The frontends', and our own where we serve a page. */
function returnOrigins({ http, zoom }: CompleteConfig): string[] {
  return http.pages ? [...http.corsOrigins, new URL(zoom.redirectUri).origin] : http.corsOrigins;
}

function logEvent(logger: Logger) {
  return ({ type, userId, actor, cause, correlationId, zoomTrackingId, meetingId }: AuditEvent) => {
    logger.info({ userId, actor, cause, correlationId, zoomTrackingId, meetingId }, type);
  };
}
