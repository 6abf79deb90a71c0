import { fastify, type FastifyBaseLogger } from 'fastify';
import { CALLBACK_PATH } from '../../src/http/callback-route.js';
import { answerErrors } from '../../src/http/error-answers.js';
import { rawConnection } from '../support/raw-client.js';
import { until } from '../support/waiting.js';
import { FRONTEND, type Harness, someUser, startHarness } from '../support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const PROFILE = '{ zoomProfile { id } }';

describe('CORS', () => {
  const preflight = (origin: string) =>
    fetch(`${harness.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
  const post = (origin: string) =>
    fetch(`${harness.url}/graphql`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });

  test('the frontend may send its token and its cookies', async () => {
    const { status, headers } = await preflight(FRONTEND);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(FRONTEND);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('access-control-allow-headers')).toContain('authorization');
  });

  test('the frontend may read answers and their request id', async () => {
    const { headers } = await post(FRONTEND);
    expect(headers.get('access-control-allow-origin')).toBe(FRONTEND);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('access-control-expose-headers')).toContain('x-request-id');
    expect(headers.get('vary')).toMatch(/origin/i);
  });

  test.each([
    'https://evil.example',
    'null',
    `${FRONTEND}.evil.example`,
    'http://app.example.com',
    `${FRONTEND}:444`,
  ])('%s may do nothing', async (origin) => {
    for (const { headers } of [await preflight(origin), await post(origin)])
      expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('every answer', () => {
  const PATHS = ['/graphql', '/healthz', '/readyz', '/metrics', '/api/zoom/oauth/user-callback', '/nowhere'];

  test.each(PATHS)('%s carries the security headers', async (path) => {
    const { headers } = await fetch(harness.url + path, { redirect: 'manual' });
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': expect.stringMatching(/^(DENY|SAMEORIGIN)$/),
      'strict-transport-security': expect.stringContaining('max-age=31536000'),
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'referrer-policy': 'no-referrer',
    });
    expect(headers.has('x-powered-by')).toBe(false);
    expect(headers.has('server')).toBe(false);
  });

  test.each(PATHS)('%s names its request, and takes no name from outside', async (path) => {
    const ids = await Promise.all(
      [1, 2].map(async () => {
        const response = await fetch(harness.url + path, {
          redirect: 'manual',
          headers: { 'x-request-id': 'mine' },
        });
        return response.headers.get('x-request-id');
      }),
    );
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });

  test('the request id is that of the log and of the audit trail', async () => {
    const userId = someUser();
    const response = await fetch(`${harness.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'a browser',
        authorization: `Bearer ${await harness.tokenFor(userId)}`,
      },
      body: JSON.stringify({ query: 'mutation { startZoomAuthorization { expiresAt } }' }),
    });
    const id = response.headers.get('x-request-id');
    expect(harness.log.lines).toContainEqual(
      expect.objectContaining({ reqId: id, msg: 'request', status: 200 }),
    );
    expect(await harness.database.models.auditEvents.find({ userId }).lean()).toEqual([
      expect.objectContaining({
        type: 'authorization.started',
        correlationId: id,
        actor: { kind: 'user', id: userId },
        deviceInfo: { userAgent: 'a browser', ipAddress: '127.0.0.1' },
      }),
    ]);
  });
});

describe('an error that nobody foresaw', () => {
  /** Puts a sealed token where it does not belong and asks Zoom with it. */
  async function withSealedToken(change: (own: string, foreign: string) => string) {
    const [userId, other] = [someUser(), someUser()];
    await harness.connect(userId);
    await harness.connect(other);
    const { grants } = harness.database.models;
    const [own, foreign] = await Promise.all(
      [userId, other].map((id) => grants.findOne({ userId: id }).lean()),
    );
    const zoomAccessToken = change(own?.zoomAccessToken ?? '', foreign?.zoomAccessToken ?? '');
    await grants.updateOne({ userId }, { $set: { zoomAccessToken } });
    harness.sandbox.control.resetCounters();
    return { userId, zoomAccessToken, answer: await harness.graphql(userId, PROFILE) };
  }

  test.each<[string, string, (own: string, foreign: string) => string]>([
    ['tampered with', 'TAMPERED', (own) => own.slice(0, -4) + (own.endsWith('AAAA') ? 'BBBB' : 'AAAA')],
    ["another user's", 'FOREIGN', (_own, foreign) => foreign],
    ['plaintext', 'NOT_SEALED', () => 'a-plain-access-token'],
  ])(
    'a stored token that is %s leaves as an id; the log says why under that id',
    async (_what, code, change) => {
      const { answer, zoomAccessToken } = await withSealedToken(change);
      expect(answer.errors).toEqual([
        {
          message: 'Something went wrong on our side.',
          path: ['zoomProfile'],
          locations: expect.any(Array),
          extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        },
      ]);
      const errorId = answer.errors?.[0]?.extensions['errorId'];
      const logged = harness.log.lines.filter((line) => line['errorId'] === errorId);
      expect(logged).toEqual([
        expect.objectContaining({
          level: 'error',
          err: expect.objectContaining({ type: 'TokenCipherError', code }),
        }),
      ]);
      expect(harness.log.text()).not.toContain(zoomAccessToken);
    },
  );

  test('it reaches Zoom with nothing, and the connection is untouched', async () => {
    const { userId } = await withSealedToken((_own, foreign) => foreign);
    expect(harness.sandbox.control.requests()).toEqual([]);
    const { data } = await harness.graphql(userId, '{ zoomConnection { status } }');
    expect(data.zoomConnection.status).toBe('CONNECTED');
  });
});

test('/readyz and /healthz answer without a caller', async () => {
  expect(await (await fetch(`${harness.url}/healthz`)).json()).toEqual({
    status: 'ok',
    maintenance: 'ok',
  });
  expect(await (await fetch(`${harness.url}/readyz`)).json()).toEqual({
    status: 'ok',
    database: 'ok',
    keys: 'ok',
  });
});

test('what happened to connections is counted', async () => {
  await harness.connect(someUser());
  const metrics = await (await fetch(`${harness.url}/metrics`)).text();
  expect(metrics).toMatch(/^zoom_grant_events_total\{type="grant.authorized",cause=""\} [1-9]/m);
  expect(metrics).toMatch(/^zoom_callback_outcomes_total\{outcome="connected"\} [1-9]/m);
});

test('/metrics says how the process is', async () => {
  const metrics = await (await fetch(`${harness.url}/metrics`)).text();
  expect(metrics).toMatch(/^nodejs_eventloop_lag_seconds \d/m);
  expect(metrics).toMatch(/^nodejs_heap_size_used_bytes \d/m);
});

describe('an answer to what is no request for a route', () => {
  const HEADERS = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
  };
  /** Sends bytes, and answers status line, headers and body. */
  async function exchange(bytes: string) {
    const { received, socket } = await rawConnection(harness.url, bytes);
    await until(() => received().includes('}'));
    socket.destroy();
    const [head = '', body = ''] = received().split('\r\n\r\n');
    const [status = '', ...lines] = head.split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => {
        const [name = '', value = ''] = line.split(/: (.*)/s);
        return [name.toLowerCase(), value];
      }),
    );
    return { status, headers, body };
  }

  test.each([
    ['no route', '404', 'GET /nowhere?code=hidden HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['a slash too many', '404', `GET ${CALLBACK_PATH}/?code=hidden HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['a method that no route has', '404', 'DELETE /healthz?hidden HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['a malformed URL', '400', 'GET /%hidden HTTP/1.1\r\nhost: x\r\n\r\n'],
    [
      'headers that are too large',
      '431',
      `GET / HTTP/1.1\r\nhost: x\r\nx-hidden: ${'x'.repeat(20_000)}\r\n\r\n`,
    ],
    ['no HTTP', '400', 'hidden\r\n\r\n'],
    [
      'two lengths',
      '400',
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nhidden',
    ],
  ])('%s: %s with the security headers, and repeats nothing', async (_what, status, bytes) => {
    const answer = await exchange(bytes);
    expect(answer.status).toContain(` ${status} `);
    expect(answer.headers).toMatchObject({ ...HEADERS, 'cache-control': 'no-store' });
    expect(JSON.stringify(answer)).not.toMatch(/hidden|nowhere|user-callback/);
  });
});

describe('a failure outside of GraphQL', () => {
  test('says nothing inner, and is in the log under its id', async () => {
    const loggerInstance: FastifyBaseLogger = harness.log.logger;
    const failing = fastify({ loggerInstance });
    answerErrors(failing);
    failing.get('/fails', () => {
      throw new Error('connection 4 to 127.0.0.1:27017 closed');
    });
    const url = await failing.listen({ port: 0, host: '127.0.0.1' });
    const response = await fetch(`${url}/fails?code=hidden`);
    const body = (await response.json()) as { error: string; errorId: string };
    expect(response.status).toBe(500);
    expect(body).toEqual({
      error: 'Internal Server Error',
      errorId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(harness.log.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        errorId: body.errorId,
        reqId: expect.any(String),
        err: expect.objectContaining({ message: 'connection 4 to 127.0.0.1:27017 closed' }),
      }),
    );
    await failing.close();
  });
});

test('an unexpected error in an operation names request, operation and caller in its log line', async () => {
  const userId = someUser();
  await harness.connect(userId);
  await harness.database.models.grants.updateOne({ userId }, { $set: { zoomAccessToken: 'plain' } });
  await harness.graphql(userId, 'query Whose { zoomProfile { id } }');
  const [line] = harness.log.lines.filter(
    ({ msg, caller }) => msg === 'unexpected error' && caller === userId,
  );
  expect(line).toMatchObject({ operation: 'Whose', reqId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(harness.log.lines).toContainEqual(
    expect.objectContaining({ msg: 'request', reqId: line?.['reqId'], errorIds: [line?.['errorId']] }),
  );
});

describe('forwarded headers', () => {
  const ask = async (headers: Record<string, string>) => {
    const response = await fetch(`${harness.url}/healthz`, { headers });
    return response.headers.get('x-request-id');
  };

  test('from somebody untrusted are said once in the log', async () => {
    for (let call = 0; call < 3; call++) await ask({ 'x-forwarded-for': '203.0.113.7' });
    const said = harness.log.lines.filter(({ msg }) =>
      String(msg).startsWith('a request brings X-Forwarded-For'),
    );
    expect(said).toHaveLength(1);
  });

  describe('behind a trusted proxy', () => {
    let behind: Harness;
    beforeAll(async () => {
      const http = { ...harness.config.http, trustProxy: ['loopback'], port: 0 };
      behind = await startHarness({ config: { http } });
    });
    afterAll(() => behind.close());
    const idOf = async (given: string) =>
      (await fetch(`${behind.url}/healthz`, { headers: { 'x-request-id': given } })).headers.get(
        'x-request-id',
      );

    test.each(['2b1f0f6e-8f1c-4f43-9b8e-0d1c2b3a4f5e', 'req-1', 'a'.repeat(64)])(
      'the request id %s is taken',
      async (given) => {
        expect(await idOf(given)).toBe(given);
      },
    );

    test.each(['a b', 'a'.repeat(65), '<script>', '{"a":1}'])(
      'the request id %s is replaced',
      async (given) => {
        expect(await idOf(given)).toMatch(/^[0-9a-f-]{36}$/);
      },
    );

    test.each([
      ['203.0.113.7', '203.0.113.7'],
      ['2001:db8::1', '2001:db8::1'],
      ['<script>alert(1)</script>', undefined],
      ['1'.repeat(12_000), undefined],
    ])('of the address %s is stored: %s', async (forwarded, stored) => {
      const userId = someUser();
      await fetch(`${behind.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-forwarded-for': forwarded,
          authorization: `Bearer ${await behind.tokenFor(userId)}`,
        },
        body: '{"query":"mutation { startZoomAuthorization { expiresAt } }"}',
      });
      const [event] = await behind.database.models.auditEvents.find({ userId }).lean();
      expect(event?.deviceInfo?.ipAddress).toBe(stored);
    });
  });
});
