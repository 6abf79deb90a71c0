import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { someUser, startHarness, tokenFor } from '../support/harness.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

/** Opens a connection to the server and sends `bytes` on it. */
async function open(url: string, bytes: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  if (bytes) socket.write(bytes);
  return socket;
}

test.each([
  ['nothing', ''],
  ['half a request', 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Le'],
  [
    'half a body',
    'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
  ],
  ['half a webhook', 'POST /api/zoom/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{'],
  [
    'half a body in chunks',
    'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n',
  ],
  ['a request that was answered', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'],
])('a connection on which %s was sent does not hold up the shutdown', async (_what, bytes) => {
  const harness = await startHarness();
  const socket = await open(harness.url, bytes);
  await sleep(100);
  const began = performance.now();
  expect(await harness.server.close()).toBe(true);
  expect(performance.now() - began).toBeLessThan(2_000);
  socket.destroy();
  await harness.close();
});

test('what is under way is answered before the server ends', async () => {
  const harness = await startHarness();
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  harness.sandbox.control.injectFault({ target: 'api', kind: 'delay', ms: 700 });
  const answer = harness
    .graphql(userId, '{ zoomProfile { id } }')
    .then(({ data }) => data.zoomProfile.id as string, String);
  await sleep(200);
  expect(await harness.server.close()).toBe(true);
  expect(await answer).toBe(zoomUserId);
  await harness.close();
});

/** Throws an error that nobody catches on SIGUSR2, and rejects with one on SIGPIPE. */
const FAIL_ON_SIGNAL = `
  process.once('SIGUSR2', () => { throw new Error('thrown'); });
  process.once('SIGPIPE', () => { void Promise.reject(new Error('rejected')); });
`;

describe('a process', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  /** Takes connections and says nothing. */
  const silent = createServer(() => undefined);
  const start = async (env: Record<string, string> = {}) => {
    server = await startServerProcess({
      mongodbUri: database.uri,
      sandboxUrl: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      redirectUri: 'http://localhost/api/zoom/oauth/user-callback',
      encryptionKeys: `k1:${randomBytes(32).toString('base64')}`,
      env: {
        ZOOM_APP_ACCOUNT_ID: 'account',
        ZOOM_APP_CLIENT_ID: 'client',
        ZOOM_APP_CLIENT_SECRET: 'secret',
        ZOOM_APP_HOST_USER: 'host@example.com',
        ...env,
      },
      nodeArguments: ['--import', `data:text/javascript,${encodeURIComponent(FAIL_ON_SIGNAL)}`],
    });
  };
  const logged = () =>
    server
      .log()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string; msg: string; err?: { message: string } });
  /** Begins a request that has to be waited for: the platform's Zoom account never answers. */
  const beginRequest = async () => {
    const query =
      'mutation { createZoomMeeting(input: { topic: "x", startTime: "2030-01-01T00:00:00Z" }) { hostedBy } }';
    const body = JSON.stringify({ query });
    const head = [
      'POST /graphql HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json',
      `Authorization: Bearer ${await tokenFor(() => new Date(), someUser())}`,
      `Content-Length: ${body.length}`,
    ].join('\r\n');
    const socket = await open(server.url, `${head}\r\n\r\n${body}`);
    await sleep(500);
    return socket;
  };

  beforeAll(async () => {
    database = testDatabase();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterEach(() => server.kill());
  afterAll(async () => {
    silent.close();
    await database.drop();
  });

  test.each([
    ['an uncaught exception', 'SIGUSR2', 'thrown'],
    ['an unhandled rejection', 'SIGPIPE', 'rejected'],
  ] as const)('%s becomes one fatal log line before it ends with code 1', async (_what, signal, message) => {
    await start();
    server.signal(signal);
    expect(await server.ended).toBe(1);
    const lines = logged();
    expect(lines.filter(({ level }) => level === 'fatal')).toEqual([
      expect.objectContaining({ msg: 'uncaught error, shutting down' }),
    ]);
    expect(lines.at(-1)?.err?.message).toBe(message);
  });

  test('ends with code 0 at a signal that comes twice at once, as npm and a terminal send it', async () => {
    await start();
    const socket = await beginRequest();
    server.signal('SIGINT');
    server.signal('SIGINT');
    await sleep(100);
    expect(server.alive()).toBe(true);
    socket.destroy();
    expect(await server.ended).toBe(0);
  });

  test('ends at once with code 1 at a second signal', async () => {
    await start();
    const socket = await beginRequest();
    server.signal('SIGTERM');
    await sleep(1_500);
    expect(server.alive()).toBe(true);
    server.signal('SIGTERM');
    expect(await server.ended).toBe(1);
    expect(logged().at(-1)?.msg).toBe('second signal, ending at once');
    socket.destroy();
  });

  test('ends with code 0 within two seconds although a body has stalled', async () => {
    await start();
    const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    const socket = await open(server.url, `${head}Content-Length: 10\r\n\r\n{`);
    await sleep(200);
    const began = performance.now();
    expect(await server.terminate()).toBe(0);
    expect(performance.now() - began).toBeLessThan(2_000);
    socket.destroy();
  });

  test('ends with code 1 when the shutdown timeout cut work off', async () => {
    await start({ SHUTDOWN_TIMEOUT_MS: '1000' });
    const socket = await beginRequest();
    expect(await server.terminate()).toBe(1);
    expect(logged().at(-1)?.msg).toBe('the shutdown timeout cut off work that was under way');
    socket.destroy();
  });
});
