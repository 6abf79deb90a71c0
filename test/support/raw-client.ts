import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection on which a test says what it wants, and whose answer it can leave unread. */
export interface RawConnection {
  socket: Socket;
  /** What has arrived so far. */
  received: () => string;
  /** Resolves when the server has closed the connection, with the milliseconds since it was opened. */
  closed: Promise<number>;
}

/** Opens a connection and sends `bytes` on it. With `reads: false` nothing of the answer is read. */
export async function rawConnection(
  url: string,
  bytes: string,
  { reads = true }: { reads?: boolean } = {},
): Promise<RawConnection> {
  const began = performance.now();
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
  const closed = once(socket, 'close').then(() => performance.now() - began);
  await once(socket, 'connect');
  const received: Buffer[] = [];
  if (reads) socket.on('data', (chunk: Buffer) => received.push(chunk));
  else socket.pause();
  if (bytes) socket.write(bytes);
  return { socket, closed, received: () => Buffer.concat(received).toString() };
}

/** A POST to /graphql as bytes. */
export function rawOperation(query: string, headers: Record<string, string> = {}): string {
  const body = JSON.stringify({ query });
  const lines = Object.entries({
    host: 'localhost',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  return `POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}
