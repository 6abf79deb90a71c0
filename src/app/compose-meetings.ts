import { type AuditLog } from '../audit/audit-log.js';
import { type BackgroundTasks } from '../lib/background-tasks.js';
import { type Clock } from '../lib/clock.js';
import { type CompleteConfig } from '../config/config.js';
import { GoogleMeet } from '../meetings/google-meet/google-meet.js';
import { type Logger } from '../lib/logger.js';
import { CreationStore } from '../meetings/creation-store.js';
import { HostedMeetingStore } from '../meetings/hosted-meeting-store.js';
import { IdempotentCreations } from '../meetings/idempotent-creations.js';
import { MeetingCreator } from '../meetings/meeting-creator.js';
import { MeetingOwnership } from '../meetings/meeting-ownership.js';
import { Meetings } from '../meetings/meetings.js';
import { type Models } from '../models/database.js';
import { AccountCredentialsClient } from '../oauth/account-credentials-client.js';
import { AppTokenService } from '../app-token/app-token-service.js';
import { AppTokenStore } from '../app-token/app-token-store.js';
import { type TokenCipher } from '../grants/token-cipher.js';
import { AppClient } from '../zoom/api/app-client.js';
import { createFetch } from '../lib/http-client.js';
import { type ZoomApi } from '../zoom/api/zoom-api.js';
import { type ZoomClient } from '../zoom/api/zoom-client.js';

/** What the meetings share with the rest of the server. */
export interface MeetingParts {
  models: Models;
  zoom: ZoomClient;
  api: ZoomApi;
  cipher: TokenCipher;
  audit: AuditLog;
  clock: Clock;
  jitter: () => number;
  logger: Logger;
  tasks: BackgroundTasks;
}

/** Builds everything that hosts meetings: the user's account, and what of the platform's own is configured. */
export function composeMeetings(config: CompleteConfig, parts: MeetingParts): Meetings {
  const { models, zoom, clock, tasks, logger, audit } = parts;
  const hosted = new HostedMeetingStore(models);
  const app = composeApp(config, parts);
  const googleMeet = composeGoogleMeet(config, clock);
  return new Meetings({
    ...{ zoom, audit, clock },
    ownership: new MeetingOwnership({ zoom, app, hosted }),
    creator: new MeetingCreator({ zoom, app, googleMeet, hosted, clock, tasks, logger }),
    creations: new IdempotentCreations({ store: new CreationStore(models), clock, tasks, logger }),
  });
}

function composeApp({ fallbacks, zoom, timing }: CompleteConfig, parts: MeetingParts): AppClient | undefined {
  if (!fallbacks.zoomApp) return undefined;
  const { hostUser, ...app } = fallbacks.zoomApp;
  const { models, api, cipher, clock, jitter, logger, tasks } = parts;
  const timeoutMs = timing.tokenTimeoutMs;
  const client = new AccountCredentialsClient(
    { ...app, baseUrl: zoom.oauthBaseUrl, timeoutMs },
    createFetch({ keepAlive: false, timeoutMs }),
  );
  // Politeness alone: a second request for the app's token would end no other.
  const store = new AppTokenStore(models, `${app.accountId} ${app.clientId}`, timing.refreshLeaseTtlMs);
  const tokens = new AppTokenService({ store, client, cipher, clock, jitter, logger, tasks });
  return new AppClient({ tokens, api, accountId: app.accountId, hostUser, logger });
}

function composeGoogleMeet({ fallbacks, timing }: CompleteConfig, clock: Clock): GoogleMeet | undefined {
  if (!fallbacks.googleMeet) return undefined;
  const timeoutMs = timing.apiTimeoutMs;
  const fetch = createFetch({ keepAlive: false, timeoutMs });
  return new GoogleMeet({ ...fallbacks.googleMeet, timeoutMs }, fetch, clock);
}
