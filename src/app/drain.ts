import { type FastifyInstance } from 'fastify';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { type Draining } from '../http/draining.js';
import { type IdleSockets } from '../http/idle-sockets.js';
import { withTimeout } from '../lib/timing.js';

/** How long a connection may take from its opening to its first request, once the server has stopped listening. */
const FIRST_REQUEST_MS = 1_000;
/** A turn of the event loop that is shorter than this had nothing to do. */
const QUIET_TURN_MS = 0.1;
/** How long to look for one. */
const LOOK_FOR_QUIET_MS = 200;
const SWEEP_EVERY_MS = 50;

/** What is drained. */
export interface Intake {
  app: FastifyInstance;
  draining: Draining;
  idleSockets: IdleSockets;
}

/** How long the steps may take, in ms. */
export interface DrainTimes {
  /** How long the server takes requests after readiness has begun to fail (SHUTDOWN_DELAY_MS). */
  delayMs: number;
  /** How long what is under way may take after that (SHUTDOWN_TIMEOUT_MS). */
  timeoutMs: number;
}

/**
 * Ends the intake of requests in the order that loses none behind a load balancer:
 * 1. readiness fails, and each answer asks its client to close the connection;
 * 2. the server takes requests for `delayMs`, so that load balancers learn that it goes away;
 * 3. it stops listening, and whoever connects from then on is refused, which proxies answer by asking another instance;
 * 4. it answers what is under way and what still comes on open connections, and closes those on which nothing comes.
 *
 * False when step 4 did not end within `timeoutMs`.
 */
export async function drain(intake: Intake, { delayMs, timeoutMs }: DrainTimes): Promise<boolean> {
  const { app, draining, idleSockets } = intake;
  draining.begin();
  // defence: drain-keeps-listening
  await sleep(delayMs);
  await quietTurn();
  app.server.close();
  // Without a delay nobody was promised that a late request is answered, and nobody has to wait for one.
  const idleForMs = Math.min(delayMs, FIRST_REQUEST_MS);
  const sweep = setInterval(() => {
    // defence: shutdown-ends-idle-connections
    idleSockets.end(idleForMs);
  }, SWEEP_EVERY_MS);
  return withTimeout(
    app.close().then(() => true),
    timeoutMs,
    false,
  ).finally(() => {
    clearInterval(sweep);
  });
}

/**
 * Resolves right after a turn of the event loop in which nothing happened. The system resets connections that wait to be
 * accepted when the server stops listening, and at this moment there is hardly ever one.
 */
async function quietTurn(): Promise<void> {
  const giveUpAt = performance.now() + LOOK_FOR_QUIET_MS;
  for (let began = performance.now(); began < giveUpAt; began = performance.now()) {
    await turn();
    if (performance.now() - began < QUIET_TURN_MS) return;
  }
}
