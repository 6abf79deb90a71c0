import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type HttpRequest, type RawConnection } from './requests.js';

/** No answer within this time counts as a hang, ms. */
export const HANG_MS = 10_000;

/** What came back. */
export interface FuzzAnswer {
  /** 0 when the connection ended without an answer. */
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Thrown when nothing came back in time, or the connection was cut. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Sends a request over a kept connection. @throws NoAnswerError */
export async function sendHttp(
  base: string,
  { method, path, headers, body }: HttpRequest,
): Promise<FuzzAnswer> {
  const { hostname, port } = new URL(base);
  // Without it, Node sends the body of a GET or HEAD as if it were the next request.
  const sent = body ? { ...headers, 'content-length': String(body.length) } : headers;
  const signal = AbortSignal.timeout(HANG_MS);
  return new Promise((resolve, reject) => {
    const fail = (error: Error & { code?: string }) => {
      const reason = signal.aborted
        ? `no answer within ${HANG_MS} ms`
        : `the connection ended: ${error.code}`;
      reject(new NoAnswerError(reason));
    };
    const outgoing = httpRequest({ agent, hostname, port, method, path, headers: sent, signal }, (answer) => {
      buffer(answer).then(
        (bytes) =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: bytes.toString() }),
        fail,
      );
    });
    outgoing.on('error', fail).end(body);
  });
}

/** Writes bytes to a connection, half closes it, and reads until the server has closed it too. @throws NoAnswerError */
export async function sendRaw(base: string, { bytes }: RawConnection): Promise<FuzzAnswer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname);
    const hang = setTimeout(() => {
      socket.destroy();
      reject(new NoAnswerError(`the connection was open after ${HANG_MS} ms`));
    }, HANG_MS);
    socket
      .on('data', (chunk) => chunks.push(chunk))
      // The server may cut off what it does not understand.
      .on('error', () => undefined)
      .on('close', () => {
        clearTimeout(hang);
        const body = Buffer.concat(chunks).toString('latin1');
        const statuses = [...body.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
        resolve({ status: Math.max(0, ...statuses), headers: {}, body });
      })
      .end(bytes);
  });
}

/** Ends the kept connections. */
export const closeConnections = (): void => {
  agent.destroy();
};
