import { fastify } from 'fastify';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerErrors } from '../../src/http/error-answers.js';
import { graphqlShapedError } from '../../src/http/graphql-route.js';
import { IdleSockets } from '../../src/http/idle-sockets.js';
import { limitAnswerSize } from '../../src/http/answer-size.js';
import { limitBodyTime } from '../../src/http/request-bounds.js';
import { cutOffSlowReaders, limitConnections, maxConnectionsOf } from '../../src/http/socket-bounds.js';
import { rawConnection } from '../support/raw-client.js';
import { recordingLogger } from '../support/recording-logger.js';
import { until } from '../support/waiting.js';

/** More than the buffers of the system hold on a loopback connection. */
const LARGE_BYTES = 32 * 1024 * 1024;

describe('a client that does not read its answer', () => {
  let server: Server;
  let url: string;
  let answering = 0;
  beforeEach(async () => {
    answering = 0;
    server = createServer((request, response) => {
      answering += 1;
      response.once('close', () => (answering -= 1));
      if (request.url === '/slow-work') setTimeout(() => response.end('done'), 1_500);
      else response.end(Buffer.alloc(LARGE_BYTES));
    });
    const sockets = new IdleSockets(server);
    cutOffSlowReaders(server, (socket) => sockets.isBusy(socket), 500);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test('is cut off, and its answer is freed', async () => {
    const { socket } = await rawConnection(url, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n', { reads: false });
    await until(() => answering === 1);
    await until(() => answering === 0, 3_000);
    socket.destroy();
  });

  test('is not cut off while it reads slowly', async () => {
    const { socket } = await rawConnection(url, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n', { reads: false });
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
    for (let round = 0; round < 12; round++) {
      socket.resume();
      await sleep(10);
      socket.pause();
      await sleep(200);
    }
    expect(socket.destroyed).toBe(false);
    socket.resume();
    await until(() => bytes >= LARGE_BYTES);
    socket.destroy();
  });

  test('one whose answer is still being worked on is waited for', async () => {
    const { received, socket } = await rawConnection(url, 'GET /slow-work HTTP/1.1\r\nhost: x\r\n\r\n');
    await until(() => received().includes('done'), 4_000);
    socket.destroy();
  });
});

describe('a body that does not arrive', () => {
  const app = fastify();
  let url: string;
  beforeAll(async () => {
    answerErrors(app);
    limitBodyTime(app, () => 400);
    app.post('/', (request) => ({ got: request.body }));
    url = await app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => app.close());

  const HEAD = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

  test.each([
    ['nothing of it', `${HEAD}content-length: 10\r\n\r\n`],
    ['the beginning of it', `${HEAD}content-length: 10\r\n\r\n{`],
    ['a chunk of it', `${HEAD}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n`],
    ['the beginning of one to no route', `${HEAD.replace('/ ', '/nowhere ')}content-length: 10\r\n\r\n{`],
  ])('%s: 408 in time, and the connection is closed', async (_what, bytes) => {
    const { received, closed } = await rawConnection(url, bytes);
    expect(await closed).toBeLessThan(2_000);
    expect(received()).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(received()).toMatch(/connection: close/i);
    expect(received()).toContain('{"error":"Request Timeout"}');
  });

  test('one byte now and then does not help', async () => {
    const { socket, closed } = await rawConnection(url, `${HEAD}content-length: 100\r\n\r\n`);
    const drip = setInterval(() => socket.write(' '), 50);
    expect(await closed).toBeLessThan(2_000);
    clearInterval(drip);
  });

  test('a client that hangs up fails nothing', async () => {
    const { socket } = await rawConnection(url, `${HEAD}content-length: 10\r\n\r\n{`);
    await sleep(50);
    socket.destroy();
    await sleep(600);
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    expect(await answer.json()).toEqual({ got: { a: 1 } });
  });

  test('a body that a GET does not need is not waited for', async () => {
    const { received, socket } = await rawConnection(
      url,
      'GET /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n',
    );
    await until(() => received().includes('404 Not Found'), 2_000);
    await sleep(600);
    socket.destroy();
    expect((await fetch(url)).status).toBe(404);
  });
});

describe('an answer that is too large', () => {
  test('is replaced by a short error', async () => {
    const app = fastify();
    limitAnswerSize(app, 100);
    app.get('/small', () => 'x'.repeat(100));
    app.get('/large', () => 'ü'.repeat(60));
    const at = await app.listen({ port: 0, host: '127.0.0.1' });
    expect(await (await fetch(`${at}/small`)).text()).toHaveLength(100);
    const large = await fetch(`${at}/large`);
    expect(large.status).toBe(400);
    expect(await large.json()).toEqual({
      errors: [{ message: expect.stringContaining('100 bytes'), extensions: { code: 'BAD_USER_INPUT' } }],
    });
    await app.close();
  });
});

describe('the number of connections', () => {
  const limitsOf = (files: string) =>
    `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${files}    4096   files`;

  test.each([
    ['1024', 768],
    ['200', 100],
    ['1048576', 20_000],
    ['unlimited', 20_000],
  ])('with %s descriptors is %d', (files, expected) => {
    expect(maxConnectionsOf(limitsOf(files))).toBe(expected);
  });

  test('where the system names no limit is 20,000', () => {
    expect(maxConnectionsOf(undefined)).toBe(20_000);
  });

  test('more are refused at once, and the log says so once', async () => {
    const { logger, lines } = recordingLogger();
    const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
    limitConnections(server, logger, 2);
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const held = [await rawConnection(url, ''), await rawConnection(url, '')];
    for (let round = 0; round < 3; round++) {
      const { closed } = await rawConnection(url, '');
      expect(await closed).toBeLessThan(1_000);
    }
    expect(lines.filter(({ level }) => level === 'error')).toEqual([
      expect.objectContaining({ maxConnections: 2, msg: 'too many connections: new ones are refused' }),
    ]);
    for (const { socket } of held) socket.destroy();
    server.close();
  });
});

describe('a request that takes too long as a whole', () => {
  test('is answered 503: over GraphQL with TIMEOUT, elsewhere with an id', async () => {
    const { logger } = recordingLogger();
    const app = fastify({ handlerTimeout: 200 });
    answerErrors(app);
    app.get('/elsewhere', () => sleep(1_000));
    await app.register((scope, _options, done) => {
      scope.setErrorHandler(graphqlShapedError(logger));
      scope.get('/graphql', () => sleep(1_000));
      done();
    });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const [graphql, elsewhere] = await Promise.all([fetch(`${url}/graphql`), fetch(`${url}/elsewhere`)]);
    expect(graphql.status).toBe(503);
    expect(await graphql.json()).toEqual({
      errors: [
        { message: expect.any(String) as string, extensions: { code: 'TIMEOUT', outcomeUnknown: true } },
      ],
    });
    expect(elsewhere.status).toBe(503);
    expect(await elsewhere.json()).toEqual({
      error: 'Service Unavailable',
      errorId: expect.any(String) as string,
    });
    await app.close();
  });
});
