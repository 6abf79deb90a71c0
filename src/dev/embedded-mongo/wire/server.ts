import { createServer, type Server, type Socket } from 'node:net';
import { runCommand } from '../commands/commands.js';
import { type ServerState } from '../commands/command-request.js';
import { asCommandError, CommandError } from '../errors.js';
import { type Journal } from '../storage/journal.js';
import { type CommandMessage, encodeReply, MessageReader } from './wire-protocol.js';

/** A reply that waits for the commit. */
interface Reply {
  socket: Socket;
  message: CommandMessage;
  bytes: Buffer;
}

/**
 * Serves clients on a socket. Commands run one by one as they come in. Their replies wait until the end of this turn of
 * the event loop, when one commit makes all writes durable. So a crash cannot undo anything that a client has seen, not
 * even what it has read of another client's write.
 */
export class MongoServer {
  readonly #state: ServerState;
  readonly #journal: Journal;
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();
  #replies: Reply[] = [];
  #isFlushScheduled = false;

  constructor(state: ServerState, journal: Journal) {
    this.#state = state;
    this.#journal = journal;
    this.#listener = createServer((socket) => this.#accept(socket));
  }

  async listen(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#listener.once('error', reject).listen({ path }, resolve);
    });
  }

  /** Commits and sends the waiting replies, then ends all connections. */
  async close(): Promise<void> {
    this.flush();
    const closed = new Promise((resolve) => this.#listener.close(resolve));
    for (const socket of this.#sockets) socket.destroySoon();
    // A client that does not read its replies must not delay the end.
    const timeout = setTimeout(() => this.#disconnect(), 1000);
    await closed;
    clearTimeout(timeout);
  }

  /**
   * Commits and sends the waiting replies. When the commit fails, all of them become errors and the memory is read anew
   * from the disk. When that fails too, every connection is ended and no new one is accepted.
   */
  flush(): void {
    this.#isFlushScheduled = false;
    const replies = this.#replies;
    this.#replies = [];
    const refusal = this.#commit();
    for (const { socket, message, bytes } of replies) {
      if (!message.wantsReply || !socket.writable) continue;
      socket.write(refusal ? encodeReply(message, refusal.toReply()) : bytes);
    }
  }

  #commit(): CommandError | undefined {
    if (!this.#journal.dirty) return undefined;
    try {
      this.#journal.commit();
      return undefined;
    } catch (error) {
      this.#recover();
      return new CommandError('OutOfDiskSpace', `the write could not be made durable: ${String(error)}`);
    }
  }

  #recover(): void {
    try {
      this.#state.cursors.kill();
      this.#state.catalog.reload();
    } catch {
      this.#listener.close();
      this.#disconnect();
    }
  }

  #disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    const reader = new MessageReader();
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const message of reader.read(chunk)) this.#execute(socket, message);
      } catch (error) {
        // Bytes that are no message end this connection only.
        socket.removeAllListeners('data');
        socket.end(encodeReply({ requestId: 0, legacy: false }, asCommandError(error).toReply()));
        socket.destroySoon();
      }
    });
  }

  #execute(socket: Socket, message: CommandMessage): void {
    const reply = runCommand(message.body, this.#state);
    this.#replies.push({ socket, message, bytes: encodeReply(message, reply) });
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    // Runs after all sockets of this turn have been read, so that the writes of all clients share one commit.
    setImmediate(() => this.flush());
  }
}
