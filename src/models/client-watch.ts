import type mongoose from 'mongoose';
import { withTimeout } from '../lib/timing.js';

type MongoClient = mongoose.mongo.MongoClient;

/** What a check of the database client has found, or done. */
export type ClientCheck = 'usable' | 'database away' | 'rebuilt' | 'not rebuilt';

export interface ClientWatchOptions {
  connection: mongoose.Connection;
  /** A new client that has connected. Rejects while the database does not answer. */
  connect: () => Promise<MongoClient>;
  /** Called when a client that could not recover has been replaced, or could not be. */
  onRebuild: (outcome: 'rebuilt' | 'not rebuilt') => void;
  /** How long a client may look for its server, ms. Default 10 s: the driver looks twice a second. */
  lostForMs?: number | undefined;
}

const CHECKS_IN_THAT_TIME = 4;
const LOST_FOR_MS = 10_000;
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Replaces a database client that does not recover by itself. Driver 7 can lose its server for good: if all sockets are
 * closed at once while it writes a heartbeat, it waits for an event of a destroyed socket, and never looks for the
 * server again (seen with servers whose `hello` names no `topologyVersion`). A new client connects at once then. So when
 * the client knows no server for ten seconds and a new one does connect, the new one takes its place. The models stay
 * the same, and what waits to be written, such as rotated tokens, reaches the database with its next try.
 */
export class ClientWatch {
  #lostSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #checking: Promise<ClientCheck> | undefined;

  constructor(private readonly options: ClientWatchOptions) {
    this.#follow(options.connection.getClient());
  }

  /** Checks from now on. The timer does not keep the process alive. */
  start(): void {
    this.#timer = setInterval(() => {
      void this.check();
    }, this.#lostForMs / CHECKS_IN_THAT_TIME).unref();
  }

  /** Starts no further check, and resolves when the one under way has ended. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#checking;
  }

  /** Checks the client now, unless a check is under way. Never rejects. */
  check(): Promise<ClientCheck> {
    this.#checking ??= this.#check().finally(() => (this.#checking = undefined));
    return this.#checking;
  }

  async #check(): Promise<ClientCheck> {
    if (this.#lostSince === undefined || performance.now() - this.#lostSince < this.#lostForMs)
      return 'usable';
    const fresh = await this.options.connect().catch(() => undefined);
    if (!fresh) return 'database away';
    // It may have recovered while the new one connected.
    const outcome = this.#isLost() ? await this.#replaceBy(fresh) : 'usable';
    if (outcome !== 'rebuilt') await fresh.close(true).catch(() => undefined);
    if (outcome !== 'usable') this.options.onRebuild(outcome);
    return outcome;
  }

  get #lostForMs(): number {
    return this.options.lostForMs ?? LOST_FOR_MS;
  }

  #isLost(): boolean {
    return this.#lostSince !== undefined;
  }

  async #replaceBy(fresh: MongoClient): Promise<'rebuilt' | 'not rebuilt'> {
    const { connection } = this.options;
    try {
      await withTimeout(connection.close(true), CLOSE_TIMEOUT_MS, undefined);
      connection.setClient(fresh);
      this.#follow(fresh);
      return 'rebuilt';
    } catch {
      return 'not rebuilt';
    }
  }

  #follow(client: MongoClient): void {
    this.#lostSince = undefined;
    client.on('topologyDescriptionChanged', ({ newDescription }) => {
      if (client !== this.options.connection.getClient()) return;
      this.#lostSince = newDescription.hasKnownServers ? undefined : (this.#lostSince ?? performance.now());
    });
  }
}
