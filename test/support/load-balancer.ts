import { randomBytes } from 'node:crypto';
import { createServer, request } from 'node:http';
import { type AddressInfo } from 'node:net';

/** Names the process that is to take a request; otherwise the balancer picks one. */
export const PROCESS_HEADER = 'x-test-process';

/** The one address under which browsers and Zoom's redirects reach several processes. */
export interface LoadBalancer {
  url: string;
  close(): Promise<void>;
}

/** Forwards each request to the process of {@link PROCESS_HEADER}, else to the one that `pick` names. */
export async function startLoadBalancer(
  urlOf: (process: number | undefined) => string,
): Promise<LoadBalancer> {
  const server = createServer((incoming, outgoing) => {
    const chosen = incoming.headers[PROCESS_HEADER];
    const target = new URL(incoming.url ?? '/', urlOf(chosen === undefined ? undefined : Number(chosen)));
    const { method } = incoming;
    // Every request looks like another address, so that no limit per address counts them together.
    const headers = { ...incoming.headers, 'x-forwarded-for': `10.${randomBytes(3).join('.')}` };
    const forwarded = request(target, { method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.once('error', () => outgoing.destroy());
    });
    // As a real one does when the process behind it dies in the middle.
    forwarded.once('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
