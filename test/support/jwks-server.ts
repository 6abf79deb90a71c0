import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type JWK } from 'jose';

/** A platform's published keys. */
export interface JwksServer {
  url: string;
  /** What is published now; undefined: the server answers 503. */
  keys: JWK[] | undefined;
  /** How often the keys were read. */
  reads: number;
  close(): Promise<void>;
}

/** Publishes keys on a loopback address. */
export async function startJwksServer(keys: JWK[]): Promise<JwksServer> {
  const server = createServer((_request, response) => {
    jwks.reads += 1;
    response.writeHead(jwks.keys ? 200 : 503, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify({ keys: jwks.keys ?? [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const jwks: JwksServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    keys,
    reads: 0,
    close: () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      ),
  };
  return jwks;
}
