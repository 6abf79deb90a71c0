import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createFetch } from '../../../src/lib/http-client.js';
import { USER_AGENT } from '../../../src/lib/user-agent.js';
import { OAuthClient } from '../../../src/oauth/oauth-client.js';
import { ZoomApi } from '../../../src/zoom/api/zoom-api.js';
import { Secret } from '../../../src/lib/secret.js';

test('the server names itself by the name and the version of its package', () => {
  const file = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');
  const { name, version } = JSON.parse(file) as { name: string; version: string };
  expect(USER_AGENT).toBe(`${name}/${version}`);
});

describe('a request', () => {
  const seen: { path: string | undefined; headers: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url, headers: request.headers });
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  });
  const baseUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());
  beforeEach(() => {
    seen.length = 0;
  });

  const fetch = createFetch({ keepAlive: false, timeoutMs: 5_000 });

  test.each<[string, RequestInit]>([
    ['without headers', {}],
    ['with another name', { headers: { 'User-Agent': 'a library/1' } }],
    ['with Headers', { headers: new Headers({ 'user-agent': 'a library/1', 'x-other': 'kept' }) }],
  ])('%s carries the name of this server alone', async (_what, init) => {
    await (await fetch(baseUrl(), init)).text();
    const sent = new Headers(init.headers);
    expect(seen[0]?.headers['user-agent']).toBe(USER_AGENT);
    expect(seen[0]?.headers['x-other']).toBe(sent.get('x-other') ?? undefined);
  });

  test('of the token endpoint and of the API carries it too', async () => {
    const oauth = new OAuthClient(
      {
        baseUrl: baseUrl(),
        clientId: 'client-id',
        clientSecret: new Secret('client-secret'),
        redirectUri: 'https://api.example.com/callback',
        timeoutMs: 5_000,
      },
      fetch,
    );
    await oauth.refreshAccessToken(new Secret('a refresh token')).catch(() => undefined);
    const api = new ZoomApi({
      baseUrl: baseUrl(),
      fetch,
      timeoutMs: 5_000,
      clock: () => new Date(),
      jitter: () => 0,
    });
    await api.send({ method: 'GET', path: '/users/me' }, { accessToken: new Secret('a token') });
    expect(seen.map(({ path, headers }) => [path, headers['user-agent']])).toEqual([
      ['/oauth/token', USER_AGENT],
      ['/v2/users/me', USER_AGENT],
    ]);
  });
});
