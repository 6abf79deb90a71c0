import { transformFileSync } from '@swc/core';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type CrowdOrder, type CrowdReport } from './crowd-process.js';

/** Callers whose calls are all on their way. */
export interface Crowd {
  /** Settles when every call has been answered or has failed. */
  report: Promise<CrowdReport>;
}

const SENDING_MS = 30_000;
const ANSWERING_MS = 180_000;

/**
 * Starts callers in a process of their own, where they slow down neither the sandbox nor the clock they are timed by.
 * Resolves when the last call has been sent; rejects when that takes longer than 30 s.
 */
export async function sendCrowd(order: CrowdOrder): Promise<Crowd> {
  const { code } = transformFileSync(join(import.meta.dirname, 'crowd-process.ts'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  });
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.send(order);
  await messageOf(child, SENDING_MS);
  return { report: messageOf(child, ANSWERING_MS) as Promise<CrowdReport> };
}

async function messageOf(child: ChildProcess, timeoutMs: number): Promise<unknown> {
  try {
    const [message] = (await once(child, 'message', { signal: AbortSignal.timeout(timeoutMs) })) as [unknown];
    return message;
  } catch (cause) {
    child.kill('SIGKILL');
    throw new Error(`the callers were not done within ${timeoutMs} ms`, { cause });
  }
}
