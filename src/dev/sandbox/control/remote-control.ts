import { type FastifyInstance } from 'fastify';
import { type SandboxControl } from './sandbox-control.js';

/** The prefix of the paths of the control interface. */
export const CONTROL_PREFIX = '/sandbox/control/';

type Method = (...args: unknown[]) => unknown;

/**
 * `POST /sandbox/control/<method>`: the body is a JSON array of arguments, the answer is the result as JSON. If the
 * method throws, the answer is 400 with `error`.
 */
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

/** The control interface of a sandbox in another process. Every method returns a promise. */
export type RemoteControl = {
  [Method in keyof SandboxControl]: (
    ...args: Parameters<SandboxControl[Method]>
  ) => Promise<Awaited<ReturnType<SandboxControl[Method]>>>;
};

/** Connects to the control interface of the sandbox at a base URL. */
export function connectControl(sandboxUrl: string): RemoteControl {
  const call =
    (method: string) =>
    async (...args: unknown[]) => {
      const response = await fetch(`${sandboxUrl}${CONTROL_PREFIX}${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(args),
      });
      const answer = (await response.json()) as { error?: string } | null;
      if (!response.ok) throw new Error(answer?.error ?? `The sandbox answered ${response.status}.`);
      return answer;
    };
  return new Proxy({} as RemoteControl, {
    // The proxy must not look like a promise: `await connectControl(...)` would call a method `then` of the sandbox.
    get: (_target, method) => (method === 'then' ? undefined : call(String(method))),
  });
}
