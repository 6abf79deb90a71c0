import { type FastifyInstance } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { type Secret } from '../lib/secret.js';
import { type Metrics } from './metrics.js';

/**
 * `/metrics`, for Prometheus. With a token, only callers that send it as a bearer token (RFC 6750 §2.1) are answered, and
 * all others get 401.
 */
export function registerMetrics(
  app: FastifyInstance,
  { metrics, token }: { metrics: Metrics; token: Secret | undefined },
): void {
  app.get('/metrics', { logLevel: 'warn' }, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (token && !isSame(request.headers.authorization, `Bearer ${token.reveal()}`))
      return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'Unauthorized' });
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

/** Compares in a time that depends on neither text. */
function isSame(given: string | undefined, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(given ?? ''), digest(expected));
}
