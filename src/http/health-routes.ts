import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { withTimeout } from '../lib/timing.js';
import { type Draining } from './draining.js';

/** Rejects when what it checks does not work. */
export type Check = () => Promise<void>;

export interface HealthDependencies {
  /** What only a restart heals, by name. If one fails, `/healthz` answers 503. */
  liveness: Readonly<Record<string, Check>>;
  /** What this instance needs to serve, by name. If one fails, `/readyz` answers 503. */
  readiness: Readonly<Record<string, Check>>;
  draining: Draining;
}

/** How long a check may take. */
const CHECK_TIMEOUT_MS = 5_000;

/**
 * `/healthz`: the process works, or only a restart can help it. `/readyz`: it can serve, and does not drain. Both name
 * each check with `ok` or `failed`; the reason is in the log.
 */
export function registerHealth(
  app: FastifyInstance,
  { liveness, readiness, draining }: HealthDependencies,
): void {
  app.get('/healthz', QUIET, (request, reply) => answer(request, reply, liveness, 'not alive'));
  app.get('/readyz', QUIET, (request, reply) => {
    // defence: readiness-fails-first
    if (draining.hasBegun) return reply.code(503).send({ status: 'draining' });
    return answer(request, reply, readiness, 'not ready');
  });
}

/** The line of each request is left out, the lines about failures are not. */
const QUIET = { logLevel: 'warn' } as const;

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  checks: Readonly<Record<string, Check>>,
  message: string,
): Promise<FastifyReply> {
  const results = await Promise.all(
    Object.entries(checks).map(
      async ([name, check]) => [name, await run(name, check, request, message)] as const,
    ),
  );
  const isOk = results.every(([, result]) => result === 'ok');
  return reply
    .code(isOk ? 200 : 503)
    .header('cache-control', 'no-store')
    .send({ status: isOk ? 'ok' : 'unavailable', ...Object.fromEntries(results) });
}

async function run(name: string, check: Check, request: FastifyRequest, message: string) {
  try {
    const late = new Error(`the check did not end within ${CHECK_TIMEOUT_MS} ms`);
    const result = await withTimeout(check(), CHECK_TIMEOUT_MS, late);
    if (result instanceof Error) throw result;
    return 'ok';
  } catch (err) {
    request.log.warn({ err, check: name }, message);
    return 'failed';
  }
}
