import { type IncomingMessage, type Server } from 'node:http';
import { type Socket } from 'node:net';

/** How long a body may still take to arrive once the server wants to close. */
const LAST_BODIES_MS = 500;

/** The sockets of a server, and the requests on them that wait for their answers. */
export class IdleSockets {
  /** The unanswered requests on each open socket. */
  readonly #unanswered = new Map<Socket, Set<IncomingMessage>>();
  #endingSince: number | undefined;

  /** Create it before the server listens: it does not know sockets that were opened earlier. */
  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#unanswered.set(socket, new Set());
      socket.once('close', () => this.#unanswered.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response) => {
      const { socket } = request;
      this.#unanswered.get(socket)?.add(request);
      response.once('close', () => {
        this.#unanswered.get(socket)?.delete(request);
      });
    });
  }

  /** Whether a request on this socket waits for its answer. */
  isBusy(socket: Socket): boolean {
    return (this.#unanswered.get(socket)?.size ?? 0) > 0;
  }

  /**
   * Ends the idle ones, each after the answers that it still has to send. Node's `closeIdleConnections` leaves out the
   * sockets that have not sent a whole request yet. Browsers and proxies open such sockets in advance, and `close` would
   * wait for them. Half a second after the first call, it also ends those whose request has not arrived to its end: such
   * a request has begun nothing.
   */
  end(): void {
    this.#endingSince ??= performance.now();
    const isLate = performance.now() - this.#endingSince > LAST_BODIES_MS;
    for (const [socket, requests] of this.#unanswered) {
      // defence: shutdown-spares-busy-connections
      if (requests.size === 0) socket.destroySoon();
      const isUnfinished = requests.size > 0 && [...requests].every((request) => !request.complete);
      // defence: shutdown-ends-unfinished-requests
      if (isLate && isUnfinished) socket.destroy();
    }
  }
}
