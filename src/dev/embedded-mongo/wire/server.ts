import { createServer, type Server, type Socket } from 'node:net';
import { type Catalog } from '../storage/catalog.js';
import { runCommand } from '../commands/commands.js';
import { type Cursors } from '../commands/cursors.js';
import { asCommandError, CommandError } from '../errors.js';
import { type Journal } from '../storage/journal.js';
import { type CommandMessage, encodeReply, MessageReader } from './wire-protocol.js';

interface Pending {
  socket: Socket;
  message: CommandMessage;
  bytes: Buffer;
}

/**
 * Serves clients on a socket. Commands run at once, one by one; their replies wait until the end of the turn of the
 * event loop, when one commit makes all their writes durable. So nothing is answered that a crash could take back,
 * not even a read of somebody else's write.
 */
export class MongoServer {
  private readonly listener: Server;
  private readonly sockets = new Set<Socket>();
  private replies: Pending[] = [];
  private scheduled = false;

  constructor(
    private readonly state: { catalog: Catalog; cursors: Cursors },
    private readonly journal: Journal,
  ) {
    this.listener = createServer((socket) => this.accept(socket));
  }

  async listen(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.listener.once('error', reject).listen({ path }, resolve);
    });
  }

  /** Makes durable what has been executed, answers it, and ends all connections. */
  async close(): Promise<void> {
    this.flush();
    const closed = new Promise((resolve) => this.listener.close(resolve));
    for (const socket of this.sockets) socket.destroySoon();
    // A client that reads nothing must not hold up the end.
    const impatience = setTimeout(() => this.disconnect(), 1000);
    await closed;
    clearTimeout(impatience);
  }

  /**
   * Commits and sends the waiting replies. When the disk refuses, all of them become errors and the memory goes back
   * to what the disk holds; if even that cannot be read, every connection is ended and no new one accepted.
   */
  flush(): void {
    this.scheduled = false;
    const replies = this.replies;
    this.replies = [];
    const refusal = this.commit();
    for (const { socket, message, bytes } of replies) {
      if (!message.wantsReply || !socket.writable) continue;
      socket.write(refusal ? encodeReply(message, refusal.toReply()) : bytes);
    }
  }

  private commit(): CommandError | undefined {
    if (!this.journal.dirty) return undefined;
    try {
      this.journal.commit();
      return undefined;
    } catch (error) {
      this.recover();
      return new CommandError('OutOfDiskSpace', `the write could not be made durable: ${String(error)}`);
    }
  }

  private recover(): void {
    try {
      this.state.cursors.kill();
      this.state.catalog.reload();
    } catch {
      this.listener.close();
      this.disconnect();
    }
  }

  private disconnect(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private accept(socket: Socket): void {
    const reader = new MessageReader();
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const message of reader.read(chunk)) this.execute(socket, message);
      } catch (error) {
        // Garbage ends the connection that sent it and no other.
        socket.removeAllListeners('data');
        socket.end(encodeReply({ requestId: 0, legacy: false }, asCommandError(error).toReply()));
        socket.destroySoon();
      }
    });
  }

  private execute(socket: Socket, message: CommandMessage): void {
    const reply = runCommand(message.body, this.state);
    this.replies.push({ socket, message, bytes: encodeReply(message, reply) });
    if (this.scheduled) return;
    this.scheduled = true;
    // After the sockets of this turn have been read: the writes of all clients share one commit.
    setImmediate(() => this.flush());
  }
}
