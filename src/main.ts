import { type FastifyInstance } from 'fastify';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELP, parseCommandLine } from './app/command-line.js';
import { exitGracefully } from './app/graceful-exit.js';
import { type Server, startServer } from './app/server.js';
import { startProblem } from './app/start-problem.js';
import {
  completeConfig,
  type CompleteConfig,
  type Config,
  ConfigError,
  loadConfig,
} from './config/config.js';
import { describeConfig } from './config/describe-config.js';
import { type StandIns } from './dev/stand-ins.js';
import { registerPages } from './http/pages.js';
import { createLogger, type Logger } from './lib/logger.js';

/** What has been started so far, and has to be closed. */
interface Running {
  standIns?: StandIns;
  server?: Server;
}

async function main(): Promise<void> {
  const command = parseCommandLine(process.argv.slice(2));
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP);
      return;
    case 'version':
      process.stdout.write(`${version()}\n`);
      return;
    case 'refused':
      throw new ConfigError([command.problem]);
    case 'check-config':
      checkConfig();
      return;
    case 'start':
      return run();
  }
}

function checkConfig(): void {
  const config = loadConfig();
  process.stdout.write(`${JSON.stringify(describeConfig(config), undefined, 2)}\n`);
  for (const warning of config.warnings) process.stdout.write(`Warning: ${warning}\n`);
  process.stdout.write('The configuration is valid.\n');
}

async function run(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger(config.logLevel);
  const running: Running = {};
  const stopping = new AbortController();
  const close = async () => {
    stopping.abort();
    const isDrained = (await running.server?.close()) ?? true;
    await running.standIns?.close();
    return isDrained;
  };
  const { shutdownDelayMs, shutdownTimeoutMs } = config.timing;
  exitGracefully({ logger, shutdownDelayMs, shutdownTimeoutMs, close });
  logger.info({ version: version(), node: process.version, ...describeConfig(config) }, 'starting');
  for (const warning of config.warnings) logger.warn(warning);
  try {
    await start(config, logger, running, stopping.signal);
  } catch (error) {
    // A signal has ended the start; the process ends by itself.
    if (stopping.signal.aborted) return;
    await close();
    throw error;
  }
}

async function start(config: Config, logger: Logger, running: Running, stopping: AbortSignal): Promise<void> {
  let complete = completeConfig(config);
  if (!complete) {
    // The stand-ins are no part of a production process.
    const { startStandIns } = await import('./dev/stand-ins.js');
    running.standIns = await startStandIns(config);
    complete = running.standIns.config;
  }
  const pages = config.http.pages && { pages: pagesOf(complete, running.standIns) };
  running.server = await startServer(complete, { logger, ...pages }, stopping);
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

/** The version in the package.json beside dist/, if it was brought along. */
function version(): string {
  try {
    const file = join(import.meta.dirname, '..', 'package.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  } catch {
    return 'unknown';
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : startProblem(error)}\n`);
  process.exit(1);
});
