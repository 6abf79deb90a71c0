import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { someUser, startHarness } from '../support/harness.js';

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
