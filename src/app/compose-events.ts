import { type CompleteConfig } from '../config/config.js';
import { EventSender } from '../events/event-sender.js';
import { EventStore } from '../events/event-store.js';
import { DELIVERY_TIMEOUT_MS, EventsEndpoint } from '../events/events-endpoint.js';
import { GrantReader } from '../grants/store/grant-reader.js';
import { type Metrics } from '../http/metrics.js';
import { type BackgroundTasks } from '../lib/background-tasks.js';
import { type Clock } from '../lib/clock.js';
import { createFetch } from '../lib/http-client.js';
import { type Logger } from '../lib/logger.js';
import { type Models } from '../models/database.js';

/** Builds what sends events to the platform; undefined if no endpoint is configured. */
export function composeEvents(
  { events: { endpoint }, proxies }: CompleteConfig,
  parts: { models: Models; metrics: Metrics; clock: Clock; tasks: BackgroundTasks; logger: Logger },
): EventSender | undefined {
  if (!endpoint) return undefined;
  const { models, metrics, clock, tasks, logger } = parts;
  const fetch = createFetch({ keepAlive: false, timeoutMs: DELIVERY_TIMEOUT_MS, proxies, passTrace: true });
  return new EventSender({
    grants: new GrantReader(models),
    clock,
    tasks,
    logger,
    events: new EventStore(models),
    endpoint: new EventsEndpoint(endpoint, fetch),
    onAttempt: (outcome) => {
      metrics.countConnectionEvent(outcome);
    },
  });
}
