import { type FastifyInstance } from 'fastify';
import { type Metrics } from './metrics.js';

/**
 * `/healthz`: the process is alive. `/readyz`: it can serve, because the database answers and
 * the keys open what is stored. `/metrics`: for Prometheus.
 */
export function registerHealth(
  app: FastifyInstance,
  {
    ping,
    keysFit,
    metrics,
  }: { ping: () => Promise<void>; keysFit: () => Promise<boolean>; metrics: Metrics },
): void {
  app.get('/healthz', { logLevel: 'silent' }, () => ({ status: 'ok' }));
  app.get('/readyz', { logLevel: 'silent' }, async (request, reply) => {
    try {
      await ping();
      if (!(await keysFit())) return await reply.code(503).send({ status: 'unavailable', reason: 'keys' });
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
