import { type Metrics } from '../http/metrics.js';
import { type Logger } from '../lib/logger.js';
import { type ClientWatchOptions } from '../models/client-watch.js';
import { watchCommands } from '../models/command-watch.js';
import { type Database } from '../models/database.js';

type Connected = Pick<Database, 'connection'>;

/** Reports to metrics and log what the database client does. */
export class ClientReport {
  constructor(private readonly parts: { metrics: Metrics; logger: Logger }) {}

  /** Times the commands of the present client. */
  follow({ connection }: Connected): void {
    const { work } = this.parts.metrics;
    watchCommands(connection.getClient(), {
      onCommand: (durationMs) => {
        work.observeCommand(durationMs);
      },
      onPoolWait: (waitedMs) => {
        work.observePoolWait(waitedMs);
      },
    });
  }

  /** A client that could not recover has been replaced, or could not be. A new one is followed. */
  rebuilt(outcome: Parameters<ClientWatchOptions['onRebuild']>[0], database: Connected): void {
    this.parts.logger.error({ outcome }, 'the database client did not recover by itself');
    this.parts.metrics.work.countRebuild(outcome);
    if (outcome === 'rebuilt') this.follow(database);
  }
}
