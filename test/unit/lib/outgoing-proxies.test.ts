import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { createFetch, type Proxies, wasNeverSent } from '../../../src/lib/http-client.js';
import { Secret } from '../../../src/lib/secret.js';
import { type ConnectProxy, startConnectProxy } from '../../support/connect-proxy.js';

let target: Server;
let port: number;
let proxy: ConnectProxy;

beforeAll(async () => {
  target = createServer((request, response) => response.end(`hello ${request.headers.host}`));
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  ({ port } = target.address() as AddressInfo);
});
beforeEach(async () => {
  proxy = await startConnectProxy(port);
});
afterEach(() => proxy.close());
afterAll(() => {
  target.closeAllConnections();
  target.close();
});

const get = async (url: string, proxies: Proxies, keepAlive = false) =>
  (await createFetch({ keepAlive, timeoutMs: 5_000, proxies })(url, {})).text();

test.each([true, false])('a request goes through the proxy; keep-alive: %p', async (keepAlive) => {
  expect(await get('http://zoom.test/x', { http: new Secret(proxy.url) }, keepAlive)).toBe('hello zoom.test');
  expect(proxy.asked).toEqual([{ target: 'zoom.test:80', authorization: undefined }]);
});

test('user and password of the proxy are sent to the proxy', async () => {
  const url = proxy.url.replace('//', '//user:p%40ss@');
  await get('http://zoom.test/', { http: new Secret(url) });
  const authorization = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
  expect(proxy.asked).toEqual([{ target: 'zoom.test:80', authorization }]);
});

test.each<[string, (secret: Secret) => Proxies]>([
  ['its own proxy', (https) => ({ https })],
  ['the proxy for http', (http) => ({ http })],
])('an https request goes through %s', async (_what, proxiesOf) => {
  // The target speaks no TLS: that the tunnel was asked for is enough.
  await expect(get('https://zoom.test/', proxiesOf(new Secret(proxy.url)))).rejects.toThrow('fetch failed');
  expect(proxy.asked).toEqual([{ target: 'zoom.test:443', authorization: undefined }]);
});

test.each([{}, { except: 'a.test, .127.0.0.1' }, { except: '*' }])(
  'this machine is reached without the proxy, with %j',
  async (more) => {
    expect(await get(`http://127.0.0.1:${port}/`, { http: new Secret(proxy.url), ...more })).toMatch(
      /^hello/,
    );
    expect(proxy.asked).toEqual([]);
  },
);

test.each(['zoom.test', 'other.test,.zoom.test', '*.zoom.test', '*'])(
  'NO_PROXY=%s: the host below it is looked up by this machine',
  async (except) => {
    const attempt = get('http://api.zoom.test/', { http: new Secret(proxy.url), except });
    await expect(attempt).rejects.toThrow('fetch failed');
    expect(proxy.asked).toEqual([]);
  },
);

test('a request whose tunnel the proxy refuses was never sent', async () => {
  const refusing = await startConnectProxy('refuse');
  const error: unknown = await get('http://zoom.test/', { http: new Secret(refusing.url) }).catch(
    (reason: unknown) => reason,
  );
  expect(refusing.asked).toHaveLength(1);
  expect(wasNeverSent(error)).toBe(true);
  await refusing.close();
});

test('a proxy that is away is a request that was never sent', async () => {
  const gone = await startConnectProxy(port);
  await gone.close();
  const error: unknown = await get('http://zoom.test/', { http: new Secret(gone.url) }).catch(
    (reason: unknown) => reason,
  );
  expect(wasNeverSent(error)).toBe(true);
});
