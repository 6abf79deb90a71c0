import { AppTokens } from '../app-token/app-tokens.js';
import { type AuditLog, SYSTEM_INITIATOR } from '../audit/audit-log.js';
import { type CompleteConfig } from '../config/config.js';
import { type BackgroundTasks } from '../lib/background-tasks.js';
import { type Clock } from '../lib/clock.js';
import { createFetch } from '../lib/http-client.js';
import { type Logger } from '../lib/logger.js';
import { type OnOddity } from '../lib/oddities.js';
import { CreationStore } from '../meetings/creation-store.js';
import { GoogleMeet } from '../meetings/google-meet/google-meet.js';
import { HostedMeetingStore } from '../meetings/hosted-meeting-store.js';
import { IdempotentCreations } from '../meetings/idempotent-creations.js';
import { MeetingCreator } from '../meetings/meeting-creator.js';
import { MeetingOwnership } from '../meetings/meeting-ownership.js';
import { Meetings } from '../meetings/meetings.js';
import { type Models } from '../models/database.js';
import { AccountCredentialsClient } from '../oauth/account-credentials-client.js';
import { type OnTokenRequest } from '../oauth/token-request-report.js';
import { appAccess } from '../zoom/api/app-access.js';
import { type ZoomAccess } from '../zoom/api/zoom-access.js';
import { type ZoomApi } from '../zoom/api/zoom-api.js';

/** What the meetings share with the rest of the server. */
export interface MeetingParts {
  models: Models;
  api: ZoomApi;
  audit: AuditLog;
  clock: Clock;
  jitter: () => number;
  onOddity: OnOddity;
  onTokenRequest: OnTokenRequest;
  logger: Logger;
  tasks: BackgroundTasks;
  /** Counts a meeting that the platform is to host for a user. @throws AppError `RATE_LIMITED` */
  limitHosted: (userId: string) => Promise<void>;
}

/** Builds everything that hosts meetings: the user's account, and those of the platform's own that are configured. */
export function composeMeetings(config: CompleteConfig, parts: MeetingParts): Meetings {
  const { models, clock, tasks, logger, audit, limitHosted } = parts;
  const hosted = new HostedMeetingStore(models, ({ userId, hostedBy }, { meetingId }) => {
    logger.error({ userId, meetingId, hostedBy }, 'a host gave the number of a meeting out again');
    const record = { userId, initiator: SYSTEM_INITIATOR, meetingId, cause: hostedBy };
    return audit.record({ type: 'meeting.replaced', ...record });
  });
  const app = composeApp(config, parts);
  const googleMeet = composeGoogleMeet(config, clock);
  return new Meetings({
    audit,
    clock,
    logger,
    ownership: new MeetingOwnership({ app, hosted, audit, clock, logger }),
    creator: new MeetingCreator({ app, googleMeet, hosted, limitHosted, clock, tasks, logger }),
    creations: new IdempotentCreations({ store: new CreationStore(models), clock, tasks, logger }),
  });
}

function composeApp(
  { fallbacks, zoom, timing, proxies }: CompleteConfig,
  parts: MeetingParts,
): ZoomAccess | undefined {
  if (!fallbacks.zoomApp) return undefined;
  const { hostUser, ...app } = fallbacks.zoomApp;
  const { api, clock, jitter, onOddity, onTokenRequest, logger } = parts;
  const timeoutMs = timing.tokenTimeoutMs;
  const client = new AccountCredentialsClient(
    { ...app, baseUrl: zoom.oauthBaseUrl, timeoutMs },
    createFetch({ keepAlive: false, timeoutMs, proxies, passTrace: true }),
    onOddity,
    onTokenRequest,
  );
  const tokens = new AppTokens({ client, accountId: app.accountId, clock, jitter, logger });
  return appAccess({ api, tokens, hostUser, onOddity, logger });
}

function composeGoogleMeet(
  { fallbacks, timing, proxies }: CompleteConfig,
  clock: Clock,
): GoogleMeet | undefined {
  if (!fallbacks.googleMeet) return undefined;
  const timeoutMs = timing.apiTimeoutMs;
  const fetch = createFetch({ keepAlive: false, timeoutMs, proxies });
  return new GoogleMeet({ ...fallbacks.googleMeet, timeoutMs }, fetch, clock);
}
