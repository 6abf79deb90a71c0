import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** An outgoing proxy that understands CONNECT (RFC 9110 §9.3.6). */
export interface ConnectProxy {
  url: string;
  /** What it was asked to connect to, with the credentials that were given. */
  asked: { target: string | undefined; authorization: string | undefined }[];
  close(): Promise<void>;
}

/** Starts a proxy that leads every tunnel to one port of this machine, or refuses all of them. */
export async function startConnectProxy(port: number | 'refuse'): Promise<ConnectProxy> {
  const sockets = new Set<Socket>();
  const asked: ConnectProxy['asked'] = [];
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request, client: Socket) => {
    asked.push({ target: request.url, authorization: request.headers['proxy-authorization'] });
    sockets.add(client.on('error', () => undefined));
    if (port === 'refuse') return void client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    sockets.add(upstream.on('error', () => client.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
