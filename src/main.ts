import { type FastifyInstance } from 'fastify';
import { join } from 'node:path';
import { banner } from './dev/banner.js';
import { ConfigError, loadConfig } from './config/config.js';
import { completeConfig, type Development } from './dev/development.js';
import { registerPages } from './http/pages.js';
import { createLogger } from './lib/logger.js';
import { startServer } from './app/server.js';

async function main(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger(config.logLevel);
  const development = await completeConfig(config);
  const server = await startServer(development.config, { logger, pages: pagesOf(development) }).catch(
    async (error: unknown) => {
      await development.close();
      throw error;
    },
  );
  if (!config.zoom || !config.mongodbUri) process.stdout.write(await banner(development));
  logger.info({ url: server.url }, 'listening');

  let closing = false;
  const shutDown = (signal: NodeJS.Signals) => {
    if (closing) return;
    closing = true;
    logger.info({ signal }, 'shutting down');
    void server
      .close()
      .then(async (drained) => {
        await development.close();
        if (!drained) logger.error('the shutdown timeout cut off work that was under way');
        process.exitCode = drained ? 0 : 1;
        setTimeout(() => process.exit(), 500).unref();
      })
      .catch((error: unknown) => {
        logger.error({ err: error }, 'shutdown failed');
        process.exit(1);
      });
  };
  process.on('SIGTERM', shutDown);
  process.on('SIGINT', shutDown);
}

function pagesOf({ config, sandboxUrl, issueToken }: Development) {
  if (!config.http.pages) return undefined;
  const origin = new URL(config.zoom.redirectUri).origin;
  return (app: FastifyInstance) =>
    registerPages(app, { webDir: join(import.meta.dirname, 'web'), origin, sandboxUrl, issueToken });
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : String((error as Error).stack ?? error)}\n`,
  );
  process.exit(1);
});
