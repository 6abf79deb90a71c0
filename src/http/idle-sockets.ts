import { type Server } from 'node:http';
import { type Socket } from 'node:net';

/** The sockets of a server on which no request waits for its answer. */
export class IdleSockets {
  /** The number of unanswered requests on each open socket. */
  readonly #unanswered = new Map<Socket, number>();

  /** Create it before the server listens: it does not know sockets that were opened earlier. */
  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#unanswered.set(socket, 0);
      socket.once('close', () => this.#unanswered.delete(socket));
    });
    server.on('request', ({ socket }, response) => {
      this.#count(socket, 1);
      response.once('close', () => {
        this.#count(socket, -1);
      });
    });
  }

  /**
   * Ends them, each after the answers that it still has to send. Node's `closeIdleConnections` leaves out the sockets
   * that have not sent a whole request yet. Browsers and proxies open such sockets in advance, and `close` would wait
   * for them.
   */
  end(): void {
    for (const [socket, unanswered] of this.#unanswered)
      // defence: shutdown-spares-busy-connections
      if (unanswered === 0) socket.destroySoon();
  }

  #count(socket: Socket, change: 1 | -1): void {
    const unanswered = this.#unanswered.get(socket);
    if (unanswered !== undefined) this.#unanswered.set(socket, unanswered + change);
  }
}
