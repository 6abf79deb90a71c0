import { type Server } from 'node:http';
import { type Socket } from 'node:net';

interface Use {
  /** Requests that wait for their answers. */
  unanswered: number;
  /** When it was opened or answered last, in ms of `performance.now()`. */
  idleSince: number;
}

/** The sockets of a server on which no request waits for its answer. */
export class IdleSockets {
  /** Each open socket. */
  readonly #uses = new Map<Socket, Use>();

  /** Create it before the server listens: it does not know sockets that were opened earlier. */
  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#uses.set(socket, { unanswered: 0, idleSince: performance.now() });
      socket.once('close', () => this.#uses.delete(socket));
    });
    server.on('request', ({ socket }, response) => {
      this.#count(socket, 1);
      response.once('close', () => {
        this.#count(socket, -1);
      });
    });
  }

  /**
   * Ends those that have been idle for so many milliseconds, each after the answers that it still has to send. Node's
   * `closeIdleConnections` leaves out the sockets that have not sent a whole request yet. Browsers and proxies open such
   * sockets in advance, and `close` would wait for them. A proxy can also have opened one for a request that arrives in
   * the next moment: then the end of the socket would lose it.
   */
  end(idleForMs: number): void {
    const latest = performance.now() - idleForMs;
    for (const [socket, { unanswered, idleSince }] of this.#uses) {
      // defence: shutdown-spares-young-connections
      if (idleSince > latest) continue;
      // defence: shutdown-spares-busy-connections
      if (unanswered === 0) socket.destroySoon();
    }
  }

  #count(socket: Socket, change: 1 | -1): void {
    const use = this.#uses.get(socket);
    if (!use) return;
    use.unanswered += change;
    use.idleSince = performance.now();
  }
}
