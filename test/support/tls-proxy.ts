import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type SelfSigned } from './self-signed.js';

/** A request that passes, as text. */
export interface PassingRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** An answer that passes, as text. */
export interface PassingAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** TLS in front of a server that speaks plain HTTP. */
export interface TlsProxy {
  /** Base URL, https. */
  url: string;
  /** Sees every request with its answer. */
  watch: ((asked: PassingRequest, answered: PassingAnswer) => void) | undefined;
  /** May answer in place of the server. */
  answerInstead: ((asked: PassingRequest) => PassingAnswer | undefined) | undefined;
  close(): Promise<void>;
}

/** Starts it on a loopback address in front of `target`. */
export async function startTlsProxy(target: string, certificate: SelfSigned): Promise<TlsProxy> {
  const server = createServer(certificate, (incoming, response) => {
    const handle = async () => {
      const body = await buffer(incoming);
      const asked = passing(incoming, body);
      const instead = proxy.answerInstead?.(asked);
      const answered = instead ?? (await forward(target, incoming, body));
      proxy.watch?.(asked, answered);
      response.writeHead(answered.status, answered.headers).end(answered.body);
    };
    handle().catch(() => incoming.socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: TlsProxy = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    watch: undefined,
    answerInstead: undefined,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return proxy;
}

function passing({ method = '', url = '', headers }: IncomingMessage, body: Buffer): PassingRequest {
  return { method, path: url, headers, body: body.toString() };
}

/** Bodies of the sandbox are text. */
async function forward(target: string, incoming: IncomingMessage, sent: Buffer): Promise<PassingAnswer> {
  const { method, url } = incoming;
  const outgoing = request(`${target}${url}`, { method, headers: incoming.headers }).end(sent);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const body = (await buffer(answer)).toString();
  const headers = Object.fromEntries(
    Object.entries(answer.headers).filter(([name]) => name !== 'transfer-encoding'),
  );
  return { status: answer.statusCode ?? 0, headers, body };
}
