import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MAIN = join(import.meta.dirname, '../../dist/main.js');
const TIMEOUT_MS = 40_000;

/** A process of main.js that may end before it listens. */
export interface MainProcess {
  stdout: () => string;
  stderr: () => string;
  /** The exit code, once it has ended. */
  ended: Promise<number | null>;
  /** Resolves when its output holds the text; rejects when it ends before, or after 40 seconds. */
  saying: (text: string) => Promise<void>;
  signal: (name: NodeJS.Signals) => void;
}

/** Starts `node dist/main.js` with nothing in its environment but `env`. */
export function startMain(
  args: readonly string[],
  env: Record<string, string | undefined>,
  options: { cwd?: string; uid?: number } = {},
): MainProcess {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
  const child = spawn(process.execPath, [MAIN, ...args], {
    ...options,
    env: { PATH: process.env['PATH'], ...set },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  let hasEnded = false;
  const ended = once(child, 'close').then(([code]) => {
    hasEnded = true;
    return code as number | null;
  });
  return {
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    ended,
    saying: async (text) => {
      for (const deadline = Date.now() + TIMEOUT_MS; !output.stdout.includes(text);) {
        if (hasEnded || Date.now() > deadline)
          throw new Error(`did not say "${text}":\n${output.stdout}${output.stderr}`);
        await sleep(50);
      }
    },
    signal: (name) => void child.kill(name),
  };
}
