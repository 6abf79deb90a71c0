import { type FastifyInstance, type FastifyRequest } from 'fastify';

/**
 * Whom to believe when `X-Forwarded-For` names the caller: nobody, everybody, so many proxies in a row, or the proxies at
 * these addresses and networks.
 */
export type TrustProxy = boolean | number | readonly string[];

/** The same in Fastify's terms. Fastify would trust nobody if it were given a number. */
export function toFastifyTrust(
  trustProxy: TrustProxy,
): boolean | string[] | ((address: string, hop: number) => boolean) {
  if (typeof trustProxy === 'number') return (_address, hop) => hop < trustProxy;
  return typeof trustProxy === 'boolean' ? trustProxy : [...trustProxy];
}

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
