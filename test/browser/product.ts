import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/config.js';
import { startStandIns } from '../../src/dev/stand-ins.js';
import { registerPages } from '../../src/http/pages.js';
import { connectControl, type RemoteControl } from '../../src/dev/sandbox/control/remote-control.js';
import { startServer } from '../../src/app/server.js';
import { type RecordingLogger, recordingLogger } from '../support/recording-logger.js';

/** The product as `npm start` sets it up without any environment, on free ports and in a folder of its own. */
export interface Product {
  url: string;
  sandbox: RemoteControl;
  log: RecordingLogger;
  close: () => Promise<void>;
}

/** Needs the built pages in dist/web. */
export async function startProduct(): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), 'zoom-grant-pages-'));
  const standIns = await startStandIns(parseConfig({ PORT: '0', EMBEDDED_DATA_DIR: dataDir }));
  const { config, sandboxUrl = '', issueToken } = standIns;
  const origin = new URL(config.zoom.redirectUri).origin;
  const log = recordingLogger();
  const server = await startServer(config, {
    logger: log.logger,
    pages: (app) =>
      registerPages(app, {
        webDir: join(import.meta.dirname, '../../dist/web'),
        origin,
        sandboxUrl,
        issueToken,
      }),
  });
  return {
    url: origin,
    sandbox: connectControl(sandboxUrl),
    log,
    close: async () => {
      await server.close();
      await standIns.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
