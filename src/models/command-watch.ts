import type mongoose from 'mongoose';

type DatabaseClient = mongoose.mongo.MongoClient;

/** What is learned of the commands of a database client, in ms. */
export interface CommandObserver {
  /** A command has ended, with an answer or without. */
  onCommand: (durationMs: number) => void;
  /** A command waited so long for a connection of the pool, or in vain. */
  onPoolWait: (waitedMs: number) => void;
}

/**
 * Times the commands of a client by the connections that it takes from its pool: a command takes one and gives it back
 * when it has ended. The driver's command monitoring would name the commands, but with it the driver decodes each list of
 * documents twice.
 */
export function watchCommands(client: DatabaseClient, { onCommand, onPoolWait }: CommandObserver): void {
  const begun = new Map<string, number>();
  const keyOf = ({ address, connectionId }: { address: string; connectionId: unknown }) =>
    `${address}#${String(connectionId)}`;
  client.on('connectionCheckedOut', (event) => {
    begun.set(keyOf(event), performance.now());
    onPoolWait(event.durationMS);
  });
  client.on('connectionCheckOutFailed', ({ durationMS }) => {
    onPoolWait(durationMS);
  });
  client.on('connectionCheckedIn', (event) => {
    const key = keyOf(event);
    const began = begun.get(key);
    begun.delete(key);
    if (began !== undefined) onCommand(performance.now() - began);
  });
  client.on('connectionClosed', (event) => {
    begun.delete(keyOf(event));
  });
}
