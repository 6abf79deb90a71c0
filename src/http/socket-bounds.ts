import { readFileSync } from 'node:fs';
import { type Server } from 'node:http';
import { type Socket } from 'node:net';
import { type Logger } from '../lib/logger.js';

/** How long a client may read nothing of its answer. It is cut off after one to two times as long. */
export const WRITE_TIMEOUT_MS = 8_000;
/** Descriptors for the database, Zoom, files and the like. */
const RESERVED_DESCRIPTORS = 256;
/** The most connections at the same time, whatever the system allows. */
const MAX_CONNECTIONS = 20_000;
const REPORT_EVERY_MS = 60_000;

/**
 * Cuts off connections whose client does not read its answer: Node reports a socket on which no byte has moved for
 * `timeoutMs`. A request that is still being worked on is left alone; an idle connection is closed as Node would close
 * it.
 */
export function cutOffSlowReaders(
  server: Server,
  isBusy: (socket: Socket) => boolean,
  timeoutMs = WRITE_TIMEOUT_MS,
): void {
  server.setTimeout(timeoutMs, (socket: Socket) => {
    if (!isBusy(socket) || socket.writableLength > 0) socket.destroy();
  });
}

/**
 * The connections that a process may have at once: its descriptors without those that it needs itself, so that it refuses
 * connections in place of hanging. `limits` is the text of `/proc/self/limits`; undefined where there is none.
 */
export function maxConnectionsOf(limits: string | undefined): number {
  const descriptors = Number(/^Max open files\s+(\d+)/m.exec(limits ?? '')?.[1] ?? NaN);
  if (Number.isNaN(descriptors)) return MAX_CONNECTIONS;
  const available = Math.max(descriptors - RESERVED_DESCRIPTORS, Math.floor(descriptors / 2));
  return Math.min(available, MAX_CONNECTIONS);
}

/** Refuses connections beyond the number that the process can hold, and says so once a minute. */
export function limitConnections(server: Server, logger: Logger, maxConnections = ownLimit()): void {
  server.maxConnections = maxConnections;
  let saidAt = -Infinity;
  server.on('drop', () => {
    if (performance.now() - saidAt < REPORT_EVERY_MS) return;
    saidAt = performance.now();
    logger.error({ maxConnections }, 'too many connections: new ones are refused');
  });
}

function ownLimit(): number {
  try {
    return maxConnectionsOf(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    return maxConnectionsOf(undefined);
  }
}
