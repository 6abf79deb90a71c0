import closeWithGrace, { type AllEvents } from 'close-with-grace';
import { type Logger } from '../lib/logger.js';

/** What a process needs to end in order. */
export interface GracefulExit {
  logger: Logger;
  /** How long `close` serves on before that (SHUTDOWN_DELAY_MS). */
  shutdownDelayMs: number;
  /** How long `close` may wait for work that is under way (SHUTDOWN_TIMEOUT_MS). */
  shutdownTimeoutMs: number;
  /** Closes everything. False when the shutdown timeout cut work off. */
  close: () => Promise<boolean>;
}

/** How long closing the database and the sockets may take after the shutdown timeout. */
const CLOSING_MS = 10_000;
/** npm passes on a Ctrl-C that the terminal has already sent to the server: the same signal twice at once. */
const SAME_SIGNAL_MS = 1_000;

/** What the library must not listen to: signals are handled here, and an idle process is no reason to close. */
const NOT_BY_LIBRARY: AllEvents[] = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGUSR2',
  'SIGTERM',
  'beforeExit',
];

/**
 * Ends the process in order.
 * - The first SIGTERM, SIGINT or SIGHUP closes everything: exit code 0, or 1 when the shutdown timeout cut work off. A
 *   second signal ends the process at once with code 1, unless it comes within a second of the first.
 * - An uncaught exception or unhandled rejection is logged as one fatal line; then everything is closed, so that tokens
 *   that Zoom has issued are still stored, and the exit code is 1.
 */
export function exitGracefully({ logger, shutdownDelayMs, shutdownTimeoutMs, close }: GracefulExit): void {
  const delay = shutdownDelayMs + shutdownTimeoutMs + CLOSING_MS;
  const graceful = closeWithGrace(
    {
      delay,
      logger: false,
      skip: NOT_BY_LIBRARY,
      onSecondError: (err) => logger.fatal({ err }, 'another uncaught error during the shutdown'),
      onTimeout: () => logger.error(`not closed after ${delay} ms`),
    },
    async ({ err, manual }) => {
      if (!manual) logger.fatal({ err }, 'uncaught error, shutting down');
      const isDrained = await close().catch((error: unknown) => {
        logger.error({ err: error }, 'shutdown failed');
        throw error;
      });
      if (!isDrained) logger.error('the shutdown timeout cut off work that was under way');
      // The library turns a rejection into exit code 1.
      if (!isDrained || !manual) throw new Error('not a clean shutdown');
    },
  );
  closeOnSignal(logger, graceful.close);
}

function closeOnSignal(logger: Logger, close: () => void): void {
  let firstAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      logger.info({ signal }, 'shutting down');
      close();
    } else if (performance.now() - firstAt > SAME_SIGNAL_MS) {
      logger.error({ signal }, 'second signal, ending at once');
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal);
}
