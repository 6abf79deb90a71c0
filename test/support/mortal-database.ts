import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase } from './database.js';
import { startEmbeddedMongoProcess } from './embedded-mongo-process.js';

/** A database whose server a test may kill; its data and its address outlive it. */
export interface MortalDatabase extends TestDatabase {
  /** SIGKILL, in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Starts a server on the data that the killed one has left. */
  start(): Promise<void>;
}

/** Starts an embedded, durable database in a process of its own. */
export async function mortalDatabase(): Promise<MortalDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'zoom-grant-mortal-'));
  const launch = async () => {
    const started = await startEmbeddedMongoProcess(dataDir);
    if (started.output.startsWith('error:')) throw new Error(started.output);
    return started;
  };
  let server = await launch();
  const kill = async () => {
    const ended = once(server.child, 'exit');
    if (server.child.kill('SIGKILL')) await ended;
  };
  return {
    uri: server.output,
    kill,
    start: async () => {
      server = await launch();
    },
    drop: async () => {
      await kill();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
