import { type FastifyInstance } from 'fastify';

/** Whether this process is about to end. It serves on meanwhile, and `/readyz` says so. */
export class Draining {
  #hasBegun = false;

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** There is no way back. */
  begin(): void {
    this.#hasBegun = true;
  }
}

/**
 * While the server drains, each answer carries `Connection: close` (RFC 9112 §9.6), also that of a request that began
 * earlier. So no connection that a client or a proxy still uses is open when the server stops listening.
 */
export function closeConnectionsWhile(draining: Draining, app: FastifyInstance): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // defence: draining-ends-connections
    if (draining.hasBegun) void reply.header('connection', 'close');
    done();
  });
}
