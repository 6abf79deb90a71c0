import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET } from '../../src/dev/sandbox/sandbox.js';
import { freePort, FRONTEND, JWT_AUDIENCE, JWT_ISSUER, JWT_SECRET } from './harness.js';

/** A server as operators run it: `node dist/main.js`, configured by its environment. */
export interface ServerProcess {
  url: string;
  /** What it has logged so far. */
  log(): string;
  /** Whether it still runs. */
  alive(): boolean;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  /** Ends it as an orchestrator does; answers the exit code. */
  terminate(): Promise<number | null>;
  /** Sends it a signal. */
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code when it has ended. */
  ended: Promise<number | null>;
  /** Holds it still and lets it go on (SIGSTOP, SIGCONT). */
  pause(): void;
  resume(): void;
}

/** The configuration of a server process. */
export interface ServerProcessOptions {
  mongodbUri: string;
  sandboxUrl: string;
  /** Where Zoom sends browsers back to. */
  redirectUri: string;
  encryptionKeys: string;
  /** Where it listens; by default at a free port. */
  port?: number;
  env?: Record<string, string> | undefined;
  /** The entry point; by default that of this repository's build. */
  main?: string;
  /** Arguments of node itself. */
  nodeArguments?: string[] | undefined;
  /** Gets whatever the process writes. What it writes after its start is not kept for `log` then. */
  onOutput?: ((text: string) => void) | undefined;
}

const MAIN = join(import.meta.dirname, '../../dist/main.js');
const STARTUP_MS = 60_000;

/** Starts a server process and waits until it is ready. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [...(options.nodeArguments ?? []), options.main ?? MAIN], {
    env: { PATH: process.env['PATH'], ...environmentOf(options, port), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  let isStarting = true;
  const { onOutput } = options;
  const take = (text: string) => {
    onOutput?.(text);
    if (isStarting || !onOutput) output.push(text);
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', take);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  await ready(url, child, output);
  isStarting = false;
  return {
    url,
    log: () => output.join(''),
    alive: () => !hasEnded(child),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    terminate: () => {
      child.kill('SIGTERM');
      return ended;
    },
    signal: (name) => void child.kill(name),
    ended,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  };
}

function environmentOf(
  { mongodbUri, sandboxUrl, redirectUri, encryptionKeys }: ServerProcessOptions,
  port: number,
) {
  return {
    PORT: String(port),
    MONGODB_URI: mongodbUri,
    ZOOM_USER_MANAGED_CLIENT_ID: SANDBOX_CLIENT_ID,
    ZOOM_USER_MANAGED_CLIENT_SECRET: SANDBOX_CLIENT_SECRET,
    ZOOM_REDIRECT_URI: redirectUri,
    ZOOM_OAUTH_BASE_URL: sandboxUrl,
    ZOOM_API_BASE_URL: sandboxUrl,
    TOKEN_ENCRYPTION_KEYS: encryptionKeys,
    AUTH_JWT_SECRET: JWT_SECRET,
    AUTH_JWT_ISSUER: JWT_ISSUER,
    AUTH_JWT_AUDIENCE: JWT_AUDIENCE,
    CORS_ORIGINS: FRONTEND,
    TRUST_PROXY: 'loopback',
    ZOOM_TOKEN_TIMEOUT_MS: '20000',
    REFRESH_LEASE_TTL_MS: '3000',
    LOG_LEVEL: 'info',
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function ready(url: string, child: ChildProcess, output: string[]): Promise<void> {
  for (const deadline = Date.now() + STARTUP_MS; Date.now() < deadline;) {
    if (hasEnded(child)) break;
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok && !hasEnded(child)) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`the server did not start (exit code ${child.exitCode}):\n${output.join('')}`);
}
