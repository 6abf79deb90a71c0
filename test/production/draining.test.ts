import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Harness, someUser, startHarness } from '../support/harness.js';
import { until } from '../support/waiting.js';

const DELAY_MS = 1_500;
let harness: Harness;

beforeEach(async () => {
  harness = await startHarness();
  harness.config.timing.shutdownDelayMs = DELAY_MS;
});
afterEach(() => harness.close());

/** Status, `Connection` header and body of a path, asked for on a connection of its own unless an agent is given. */
async function get(path: string, agent: Agent | false = false) {
  const sent = request(`${harness.url}${path}`, { agent }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of answer) body += String(chunk);
  return { status: answer.statusCode, connection: answer.headers.connection, body };
}

/** Whether somebody listens at the server's port. */
const isListening = () =>
  get('/healthz').then(
    () => true,
    () => false,
  );

test('readiness fails and everything else is answered, until the delay has passed', async () => {
  const began = performance.now();
  expect((await get('/readyz')).status).toBe(200);
  const closed = harness.server.close();
  expect(await get('/readyz')).toEqual({ status: 503, connection: 'close', body: '{"status":"draining"}' });
  expect((await get('/healthz')).status).toBe(200);
  const answer = await harness.graphql(someUser(), '{ zoomConnection { status } }');
  expect(answer.data.zoomConnection.status).toBe('NOT_CONNECTED');
  await sleep(DELAY_MS / 2);
  expect(await isListening()).toBe(true);
  await until(async () => !(await isListening()));
  expect(performance.now() - began).toBeGreaterThanOrEqual(DELAY_MS);
  expect(await closed).toBe(true);
});

test('each answer of a draining server says that the connection ends, also to a request that came before', async () => {
  const userId = someUser();
  await harness.connect(userId);
  harness.sandbox.control.injectFault({ target: 'api', kind: 'delay', ms: 700 });
  const token = await harness.tokenFor(userId);
  const agent = new Agent({ keepAlive: true });
  expect((await get('/healthz', agent)).connection).toBe('keep-alive');
  const before = fetch(`${harness.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ zoomProfile { id } }' }),
  });
  await sleep(200);
  const closed = harness.server.close();
  for (const path of ['/healthz', '/readyz', '/metrics', '/nowhere', '/graphql'])
    expect([path, (await get(path, agent)).connection]).toEqual([path, 'close']);
  const answer = await before;
  expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
  expect(await closed).toBe(true);
  agent.destroy();
});

test('a request on a connection that was opened just before the end of the delay is answered', async () => {
  const closed = harness.server.close();
  await sleep(DELAY_MS - 150);
  const socket = connect(Number(new URL(harness.url).port), '127.0.0.1');
  await once(socket, 'connect');
  await until(async () => !(await isListening()));
  await sleep(200);
  socket.end('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(text).toMatch(/\r\nconnection: close\r\n/i);
  expect(await closed).toBe(true);
});

test('connections on which nothing comes do not hold up the end by more than a second', async () => {
  const socket = connect(Number(new URL(harness.url).port), '127.0.0.1');
  await once(socket, 'connect');
  const began = performance.now();
  expect(await harness.server.close()).toBe(true);
  expect(performance.now() - began).toBeLessThan(DELAY_MS + 1_000);
  socket.destroy();
});
