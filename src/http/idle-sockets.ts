import { type IncomingMessage, type Server } from 'node:http';
import { type Socket } from 'node:net';

/** How long a body may still take to arrive once the server wants to close. */
const LAST_BODIES_MS = 500;

interface Use {
  /** Requests that wait for their answers. */
  unanswered: Set<IncomingMessage>;
  /** When it was opened or answered last, in ms of `performance.now()`. */
  idleSince: number;
}

/** The sockets of a server, and the requests on them that wait for their answers. */
export class IdleSockets {
  /** Each open socket. */
  readonly #uses = new Map<Socket, Use>();
  #endingSince: number | undefined;

  /** Create it before the server listens: it does not know sockets that were opened earlier. */
  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#uses.set(socket, { unanswered: new Set(), idleSince: performance.now() });
      socket.once('close', () => this.#uses.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response) => {
      const use = this.#uses.get(request.socket);
      use?.unanswered.add(request);
      response.once('close', () => {
        if (!use) return;
        use.unanswered.delete(request);
        use.idleSince = performance.now();
      });
    });
  }

  /** Whether a request on this socket waits for its answer. */
  isBusy(socket: Socket): boolean {
    return (this.#uses.get(socket)?.unanswered.size ?? 0) > 0;
  }

  /**
   * Ends those that have been idle for so many milliseconds, each after the answers that it still has to send. Node's
   * `closeIdleConnections` leaves out the sockets that have not sent a whole request yet. Browsers and proxies open such
   * sockets in advance, and `close` would wait for them. A proxy can also have opened one for a request that arrives in
   * the next moment: then the end of the socket would lose it. Half a second after the first call, it also ends those
   * whose request has not arrived to its end: such a request has begun nothing.
   */
  end(idleForMs: number): void {
    const now = performance.now();
    this.#endingSince ??= now;
    const isLate = now - this.#endingSince > LAST_BODIES_MS;
    for (const [socket, { unanswered, idleSince }] of this.#uses) {
      const isUnfinished = unanswered.size > 0 && [...unanswered].every((request) => !request.complete);
      // defence: shutdown-ends-unfinished-requests
      if (isLate && isUnfinished) socket.destroy();
      // defence: shutdown-spares-young-connections
      if (idleSince > now - idleForMs) continue;
      // defence: shutdown-spares-busy-connections
      if (unanswered.size === 0) socket.destroySoon();
    }
  }
}
