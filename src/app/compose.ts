import { randomBytes } from 'node:crypto';
import { AnnouncementStore } from '../events/event-store';
import { Announcer } from '../events/event-sender';
import { DELIVERY_TIMEOUT_MS, EventsEndpoint } from '../events/events-endpoint';
import { MongoAuditLog } from '../audit/audit-log';
import { AuditTrail } from '../audit/audit-trail';
import { type BackgroundTasks } from '../lib/background-tasks';
import { type Clock, systemClock } from '../lib/clock';
import { type Services } from '../graphql/context';
import { type Metrics } from '../http/metrics';
import { type RateLimits } from '../http/rate-limits';
import { type Logger } from '../lib/logger';
import { Maintenance } from './maintenance';
import { type AuditFacts } from '../models/audit-event';
import { type Database } from '../models/database';
import { OAuthClient } from '../oauth/oauth-client';
import { AuthorizationRequestStore } from '../grants/connect/authorization-request-store';
import { AuthorizationStore } from '../grants/store/authorization-store';
import { Authorizations } from '../grants/connect/authorization-flow';
import { Connector } from '../grants/connect/connector';
import { Deauthorizations } from '../grants/disconnect/deauthorizations';
import { GrantStore } from '../grants/store/grant-store';
import { RefreshStore } from '../grants/store/refresh-store';
import { Refresher } from '../grants/refresh/refresher';
import { RevocationStore } from '../grants/disconnect/revocation-store';
import { Revocations } from '../grants/disconnect/revocations';
import { TokenCipher } from '../grants/token-cipher';
import { TokenService } from '../grants/refresh/token-service';
import { createFetch } from '../lib/http-client';
import { identityReader } from '../zoom/profile';
import { missingRequiredScopes } from '../zoom/scopes';
import { ZoomApi } from '../zoom/api/zoom-api';
import { ZoomClient } from '../zoom/api/zoom-client';
import { composeMeetings } from './compose-meetings';
import { type CompleteConfig } from '../config/config';
import { type FastifyInstance } from 'fastify';

/** What a test or the demo replaces. */
export interface Environs {
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
  { logger, clock = systemClock, jitter = Math.random }: Environs,
  parts: { database: Database; tasks: BackgroundTasks; metrics: Metrics; rateLimits: RateLimits },
): { services: Services; maintenance: Maintenance; deauthorizations: Deauthorizations } {
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
    onTurn: (waitedMs) => {
      metrics.observeApiTurn(waitedMs);
    },
  });
  const grants = new GrantStore(models);
  const { endpoint } = config.events;
  const announcer =
    endpoint &&
    new Announcer({
      ...{ grants, clock, tasks, logger },
      announcements: new AnnouncementStore(models),
      endpoint: new EventsEndpoint(
        endpoint,
        createFetch({ keepAlive: false, timeoutMs: DELIVERY_TIMEOUT_MS }),
      ),
      onAttempt: (outcome) => {
        metrics.countAnnouncement(outcome);
      },
    });
  const audit = new MongoAuditLog({
    models,
    clock,
    retentionDays: config.auditRetentionDays,
    observers: [(event) => metrics.countEvent(event), logEvent(logger)],
    followUp: announcer && ((event) => announcer.note(event)),
    onFailure: (err) => {
      logger.error({ err }, 'audit event not stored, or not followed up');
    },
  });
  const shared = { grants, oauth, cipher, audit, clock, tasks, logger };
  const revocations = new Revocations({ ...shared, pending: new RevocationStore(models) });
  const refreshes = new RefreshStore(models, timing.refreshLeaseTtlMs);
  const refresher = new Refresher({
    ...{ ...shared, refreshes, revocations, jitter },
    onLeaseWait: (wait) => {
      metrics.observeLeaseWait(wait);
    },
  });
  const tokens = new TokenService(grants, refresher, clock, tasks);
  const authorizations = new Authorizations({
    ...shared,
    requests: new AuthorizationRequestStore(models),
    connector: new Connector({
      grants,
      authorizations: new AuthorizationStore(models),
      revocations,
      audit,
    }),
    randomBytes,
    readIdentity: identityReader(api),
    missingScopes: missingRequiredScopes,
    returnTo: { allowedOrigins: returnOrigins(config), defaultReturnTo: config.defaultReturnTo },
  });
  const zoomClient = new ZoomClient({ tokens, api, logger });
  const services: Services = {
    ...{ grants, tokens, authorizations, revocations, clock },
    auditTrail: new AuditTrail(models, audit),
    zoom: zoomClient,
    meetings: composeMeetings(config, { ...shared, models, zoom: zoomClient, api, jitter }),
    missingScopes: missingRequiredScopes,
    limitUser: (operation, userId) => rateLimits.consume(operation, userId),
  };
  return {
    services,
    maintenance: new Maintenance({ grants, tokens, revocations, audit, announcer, clock, logger, tasks }),
    deauthorizations: new Deauthorizations({ ...shared, readIdentity: identityReader(api) }),
  };
}

/** The frontends', and our own where we serve a page. */
function returnOrigins({ http, zoom }: CompleteConfig): string[] {
  return http.pages ? [...http.corsOrigins, new URL(zoom.redirectUri).origin] : http.corsOrigins;
}

function logEvent(logger: Logger) {
  return ({ type, userId, actor, cause, correlationId, zoomTrackingId, meetingId }: AuditFacts) => {
    logger.info({ userId, actor, cause, correlationId, zoomTrackingId, meetingId }, type);
  };
}
