import { type FastifyInstance } from 'fastify';
import { join } from 'node:path';
import { exitGracefully } from './app/graceful-exit.js';
import { type Server, startServer } from './app/server.js';
import {
  completeConfig,
  type CompleteConfig,
  type Config,
  ConfigError,
  loadConfig,
} from './config/config.js';
import { type StandIns } from './dev/stand-ins.js';
import { registerPages } from './http/pages.js';
import { createLogger, type Logger } from './lib/logger.js';

/** What has been started so far, and has to be closed. */
interface Running {
  standIns?: StandIns;
  server?: Server;
}

async function main(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger(config.logLevel);
  const running: Running = {};
  const close = async () => {
    const isDrained = (await running.server?.close()) ?? true;
    await running.standIns?.close();
    return isDrained;
  };
  const { shutdownDelayMs, shutdownTimeoutMs } = config.timing;
  exitGracefully({ logger, shutdownDelayMs, shutdownTimeoutMs, close });
  try {
    await start(config, logger, running);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(config: Config, logger: Logger, running: Running): Promise<void> {
  let complete = completeConfig(config);
  if (!complete) {
    // The stand-ins are no part of a production process.
    const { startStandIns } = await import('./dev/stand-ins.js');
    running.standIns = await startStandIns(config);
    complete = running.standIns.config;
  }
  running.server = await startServer(complete, {
    logger,
    ...(config.http.pages && { pages: pagesOf(complete, running.standIns) }),
  });
  if (running.standIns) {
    const { banner } = await import('./dev/banner.js');
    process.stdout.write(await banner(running.standIns));
  }
  logger.info({ url: running.server.url }, 'listening');
}

function pagesOf({ zoom }: CompleteConfig, standIns: Partial<StandIns> = {}) {
  const { sandboxUrl, issueToken } = standIns;
  const dependencies = {
    webDir: join(import.meta.dirname, 'web'),
    origin: new URL(zoom.redirectUri).origin,
    ...(sandboxUrl && { sandboxUrl }),
    ...(issueToken && { issueToken }),
  };
  return (app: FastifyInstance) => registerPages(app, dependencies);
}

main().catch((error: unknown) => {
  const text = error instanceof ConfigError ? error.message : String((error as Error).stack ?? error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
