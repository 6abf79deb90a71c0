import { type FastifyInstance } from 'fastify';
import { type Draining } from './draining.js';
import { type Metrics } from './metrics.js';

/**
 * `/healthz`: the process is alive. `/readyz`: it can serve, because the database answers and it does not drain.
 * `/metrics`: for Prometheus.
 */
export function registerHealth(
  app: FastifyInstance,
  { ping, metrics, draining }: { ping: () => Promise<void>; metrics: Metrics; draining: Draining },
): void {
  app.get('/healthz', { logLevel: 'silent' }, () => ({ status: 'ok' }));
  app.get('/readyz', { logLevel: 'silent' }, async (request, reply) => {
    // defence: readiness-fails-first
    if (draining.hasBegun) return reply.code(503).send({ status: 'draining' });
    try {
      await ping();
      return { status: 'ok', database: 'ok' };
    } catch (error) {
      request.log.warn({ err: error }, 'not ready');
      return reply.code(503).send({ status: 'unavailable', database: 'unreachable' });
    }
  });
  app.get('/metrics', { logLevel: 'silent' }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
