import { type Server } from 'node:http';
import { type Socket } from 'node:net';

/** Knows which connections of a server wait for an answer. */
export class Connections {
  /** Every open connection, and how many requests on it are unanswered. */
  readonly #unanswered = new Map<Socket, number>();

  /** To be made before the server listens. */
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
   * Ends the connections on which nothing is to be answered, once what was answered has left. Node's
   * `closeIdleConnections` spares those that have not sent a whole request yet, as browsers and proxies open them in
   * advance, and `close` would wait for them.
   */
  closeIdle(): void {
    for (const [socket, unanswered] of this.#unanswered) {
      // defence: shutdown-spares-busy-connections
      if (unanswered === 0) socket.destroySoon();
    }
  }

  #count(socket: Socket, change: 1 | -1): void {
    const unanswered = this.#unanswered.get(socket);
    if (unanswered !== undefined) this.#unanswered.set(socket, unanswered + change);
  }
}
