import { type FastifyInstance } from 'fastify';
import { type Metrics } from './metrics.js';

/** `/healthz`: the process is alive. `/readyz`: the database answers, so it can serve. `/metrics`: for Prometheus. */
export function registerHealth(
  app: FastifyInstance,
  { ping, metrics }: { ping: () => Promise<void>; metrics: Metrics },
): void {
  app.get('/healthz', { logLevel: 'silent' }, () => ({ status: 'ok' }));
  app.get('/readyz', { logLevel: 'silent' }, async (request, reply) => {
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
