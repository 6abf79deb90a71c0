import { type FastifyInstance, type FastifyRequest } from 'fastify';

/** Whether a request brings the header of a proxy that is not believed. */
export function isForwardingIgnored({ headers, ips }: Pick<FastifyRequest, 'headers' | 'ips'>): boolean {
  return headers['x-forwarded-for'] !== undefined && (ips?.length ?? 1) < 2;
}

/**
 * Logs once in the life of the process that forwarded headers arrive and are not believed. Behind a proxy that is not in
 * TRUST_PROXY, all users have one address and share its rate limit.
 */
export function warnOfIgnoredForwarding(app: FastifyInstance): void {
  let isSaid = false;
  app.addHook('onRequest', (request, _reply, done) => {
    if (!isSaid && isForwardingIgnored(request)) {
      isSaid = true;
      request.log.warn(
        'a request brings X-Forwarded-For from a peer that TRUST_PROXY does not name: the header is ignored, and all callers behind that peer share one address',
      );
    }
    done();
  });
}
