import { type FastifyInstance } from 'fastify';
import { type SandboxControl } from './sandbox-control.js';

/** Where the control interface answers. */
export const CONTROL_PREFIX = '/sandbox/control/';

type Method = (...args: unknown[]) => unknown;

/** `POST /sandbox/control/<method>`: a JSON array of arguments in, the JSON result out; 400 with `error` when it throws. */
export function registerControlRoute(server: FastifyInstance, control: SandboxControl): void {
  server.post(`${CONTROL_PREFIX}:method`, async (request, reply) => {
    const { method } = request.params as { method: string };
    if (!Object.hasOwn(control, method))
      return reply.code(404).send({ error: `No control method ${method}.` });
    const args: unknown = request.body ?? [];
    if (!Array.isArray(args)) return reply.code(400).send({ error: 'Send a JSON array of arguments.' });
    try {
      const result = await (control[method as keyof SandboxControl] as Method)(...(args as unknown[]));
      return await reply.type('application/json').send(JSON.stringify(result ?? null));
    } catch (error) {
      return reply.code(400).send({ error: String(error) });
    }
  });
}
