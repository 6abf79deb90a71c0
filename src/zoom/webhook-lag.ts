import { readInstant } from './read-instant.js';

/** A time that is longer ago is none. */
const LONGEST_MS = 30 * 86_400_000;

/**
 * How long (ms) a verified webhook has been under way: from the time of its event (`event_ts`) to its receipt, with the
 * pauses of Zoom's repetitions (docs/zoom-protocol.md §7). Never below 0: clocks differ. Undefined when the body names no
 * time, or an implausible one.
 */
export function webhookLagMs(rawBody: Buffer, receivedAt: Date): number | undefined {
  const time = eventTime(rawBody);
  const sentAt = typeof time === 'number' || typeof time === 'string' ? readInstant(String(time)) : undefined;
  const lagMs = sentAt && receivedAt.getTime() - sentAt.getTime();
  return lagMs === undefined || lagMs < -LONGEST_MS || lagMs > LONGEST_MS ? undefined : Math.max(0, lagMs);
}

function eventTime(rawBody: Buffer): unknown {
  try {
    const body = JSON.parse(rawBody.toString('utf8').replace(/^\uFEFF/, '')) as {
      event_ts?: unknown;
      payload?: { event_ts?: unknown } | null;
    } | null;
    return body?.event_ts ?? body?.payload?.event_ts;
  } catch {
    return undefined;
  }
}
