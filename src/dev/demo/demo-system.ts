import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../config/config.js';
import { freePort, startStandIns } from '../stand-ins.js';
import { createLogger } from '../../lib/logger.js';
import { connectControl, type RemoteControl } from '../sandbox/control/remote-control.js';
import { startServer } from '../../app/server.js';
import { Browser } from './browser.js';

type Closer = () => Promise<unknown>;

/** An answer of `/graphql`. */
export interface Answer<T> {
  data?: T | null;
  errors?: { message: string; extensions: { code: string; [detail: string]: unknown } }[];
}

/** What the demo runs on: two server instances on one database, a sandbox, a browser, and one clock for all. */
export interface DemoSystem {
  /** The first server, which the frontend uses. */
  url: string;
  /** A second instance on the same database. */
  secondUrl: string;
  sandboxUrl: string;
  sandbox: RemoteControl;
  browser: Browser;
  /** The platform user. */
  userId: string;
  now: () => Date;
  /** Moves the clock of both servers and of the sandbox. */
  advance: (ms: number) => Promise<void>;
  /** Sends an operation as Apollo Client does: JSON over HTTP with a bearer token and cookies. */
  graphql: <T>(
    query: string,
    options?: { variables?: object; url?: string | undefined; userId?: string },
  ) => Promise<Answer<T>>;
  /** What the servers have logged, warnings and errors only. */
  log: () => string;
  close: () => Promise<void>;
}

/** Starts everything as `npm start` does without any configuration, in a folder of its own that `close` deletes. */
export async function startDemoSystem(): Promise<DemoSystem> {
  const dataDir = await mkdtemp(join(tmpdir(), 'zoom-grant-demo-'));
  const closers: Closer[] = [() => rm(dataDir, { recursive: true, force: true })];
  const close = async () => {
    for (const end of closers.toReversed()) await end();
  };
  try {
    return await startIn(dataDir, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function startIn(dataDir: string, closers: Closer[], close: () => Promise<void>): Promise<DemoSystem> {
  let offset = 0;
  const clock = () => new Date(Date.now() + offset);
  const lines: string[] = [];
  const logger = createLogger('warn', { write: (line: string) => void lines.push(line) });
  const standIns = await startStandIns(parseConfig({ PORT: '0', EMBEDDED_DATA_DIR: dataDir }));
  closers.push(() => standIns.close());
  const { config, sandboxUrl = '', issueToken } = standIns;
  const start = async (port: number) => {
    const server = await startServer({ ...config, http: { ...config.http, port } }, { logger, clock });
    closers.push(() => server.close());
    return server;
  };
  await start(config.http.port);
  const second = await start(await freePort());
  const sandbox = connectControl(sandboxUrl);
  const browser = new Browser();
  // The host of the redirect URI, because cookies belong to a host.
  const url = new URL(config.zoom.redirectUri).origin;
  const userId = 'demo-user';
  return {
    url,
    secondUrl: second.url,
    sandboxUrl,
    sandbox,
    browser,
    userId,
    now: clock,
    close,
    log: () => lines.join(''),
    advance: async (ms) => {
      offset += ms;
      await sandbox.advanceClock(ms);
    },
    graphql: async <T>(query: string, { variables, ...at }: Parameters<DemoSystem['graphql']>[1] = {}) => {
      const response = await browser.fetch(`${at.url ?? url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await issueToken?.(at.userId ?? userId)}`,
        },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer<T>;
    },
  };
}
