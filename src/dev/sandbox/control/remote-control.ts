import { CONTROL_PREFIX } from './control-route.js';
import { type SandboxControl } from './sandbox-control.js';

/** The control interface of a sandbox in another process: the same methods, every one a promise. */
export type RemoteControl = {
  [Method in keyof SandboxControl]: (
    ...args: Parameters<SandboxControl[Method]>
  ) => Promise<Awaited<ReturnType<SandboxControl[Method]>>>;
};

/** Controls the sandbox at a base URL over HTTP. */
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
    // Not a promise itself: without this, `await connectControl(...)` would call the sandbox for a method `then`.
    get: (_target, method) => (method === 'then' ? undefined : call(String(method))),
  });
}
