import { type FastifyInstance } from 'fastify';

/**
 * Refuses requests whose Host, or what a proxy forwards of it, is missing or names no host (RFC 9112 §3.2). Apollo's
 * adapter makes a URL of them, and would report a fault of the server.
 */
export function requireHost(scope: FastifyInstance): void {
  scope.addHook('onRequest', (request, _reply, next) => {
    const namesHost = URL.canParse(request.url, `${request.protocol}://${request.hostname}/`);
    if (namesHost) next();
    else next(Object.assign(new Error('The request names no host.'), { statusCode: 400 }));
  });
}
