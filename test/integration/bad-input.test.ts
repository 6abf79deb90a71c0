import { FRONTEND, type Harness, someUser, startHarness } from '../support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

interface Answer {
  status: number;
  headers: Headers;
  body: {
    data?: unknown;
    errors?: { message: string; path?: string[]; extensions: Record<string, unknown> & { code: string } }[];
  };
}

/** Posts raw bytes to /graphql. */
async function post(body: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${harness.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  };
}

const START =
  'mutation ($input: StartZoomAuthorizationInput) { startZoomAuthorization(input: $input) { authorizationUrl } }';
const MEETINGS =
  'query ($type: ZoomMeetingListType! = SCHEDULED, $first: Int! = 30, $after: String) { zoomMeetings(type: $type, first: $first, after: $after) { edges { cursor } pageInfo { endCursor } } }';

describe('arguments', () => {
  const userId = someUser();
  beforeAll(async () => {
    const { zoomUserId } = await harness.connect(userId);
    harness.sandbox.control.addMeetings(zoomUserId, 3);
    harness.sandbox.control.resetCounters();
  });

  const cursorOf = async (type: string) => {
    const { data } = await harness.graphql(userId, MEETINGS, { variables: { type, first: 1 } });
    return data.zoomMeetings.pageInfo.endCursor as string;
  };

  test.each<[string, string, object | (() => Promise<object>), string]>([
    ['a foreign origin', START, { input: { returnTo: 'https://evil.example/' } }, 'input.returnTo'],
    ['a lookalike origin', START, { input: { returnTo: `${FRONTEND}.evil.example/` } }, 'input.returnTo'],
    [
      'user information',
      START,
      { input: { returnTo: 'https://app.example.com@evil.example/' } },
      'input.returnTo',
    ],
    ['another scheme', START, { input: { returnTo: 'javascript:alert(1)' } }, 'input.returnTo'],
    ['an unknown scope', START, { input: { scopes: ['user:read:user', 'everything'] } }, 'input.scopes'],
    ['an admin scope', START, { input: { scopes: ['user:read:user:admin'] } }, 'input.scopes'],
    ['first of 0', MEETINGS, { first: 0 }, 'first'],
    ['first of 301', MEETINGS, { first: 301 }, 'first'],
    ['a negative first', MEETINGS, { first: -1 }, 'first'],
    ['a bad cursor', MEETINGS, { after: 'not a cursor' }, 'after'],
    ['an empty cursor', MEETINGS, { after: '' }, 'after'],
    [
      'the cursor of another list',
      MEETINGS,
      async () => ({ type: 'PREVIOUS_MEETINGS', after: await cursorOf('SCHEDULED') }),
      'after',
    ],
  ])('%s is BAD_USER_INPUT, and the argument named', async (_what, query, variables, argument) => {
    const given = typeof variables === 'function' ? await variables() : variables;
    const { errors } = await harness.graphql(userId, query, { variables: given });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument });
    expect(errors?.[0]?.message).toContain(`${argument}:`);
  });

  test('nothing of it reaches Zoom, and no authorization begins', async () => {
    const other = someUser();
    harness.sandbox.control.resetCounters();
    await harness.graphql(other, START, { variables: { input: { returnTo: 'https://evil.example/' } } });
    await harness.graphql(userId, MEETINGS, { variables: { first: 301 } });
    await harness.graphql(userId, MEETINGS, { variables: { after: 'x' } });
    expect(harness.sandbox.control.requests()).toEqual([]);
    expect(await harness.database.models.auditEvents.find({ userId: other }).lean()).toEqual([]);
  });

  test('a cursor whose page Zoom has forgotten is the argument at fault', async () => {
    const after = await cursorOf('SCHEDULED');
    await harness.sandbox.control.advanceClock(16 * 60_000);
    const { errors } = await harness.graphql(userId, MEETINGS, { variables: { first: 1, after } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'after' });
  });
});

describe('requests that never reach a resolver', () => {
  const query = (text: string, rest: object = {}) => JSON.stringify({ query: text, ...rest });

  test.each<[string, string, number]>([
    ['a body that is not JSON', '{"query":', 400],
    ['a body of plain words', 'hello', 400],
    ['no body', '', 400],
    ['JSON that is no object', '"{ __typename }"', 400],
    ['JSON null', 'null', 400],
    ['a batch', '[{"query":"{ __typename }"}]', 400],
    ['no query', '{}', 400],
    ['an empty query', query(''), 400],
    ['a query that is no text', '{"query":7}', 400],
    ['variables that are no object', query('{ __typename }', { variables: 'x' }), 400],
    ['a parse error', query('{ zoomConnection '), 400],
    ['an unknown field', query('{ zoomConnection { accessToken } }'), 400],
    ['an unknown argument', query('{ zoomConnection(userId: "x") { status } }'), 400],
    ['an unknown enum value', query('{ zoomMeetings(type: ALL) { totalCount } }'), 400],
    ['a value of the wrong type', query('{ zoomMeetings(first: "ten") { totalCount } }'), 400],
    [
      'a URL that is none',
      query('mutation { startZoomAuthorization(input: { returnTo: "no url" }) { expiresAt } }'),
      400,
    ],
    ['a missing variable', query('query ($first: Int!) { zoomMeetings(first: $first) { totalCount } }'), 400],
    ['an unknown operation name', query('query A { __typename }', { operationName: 'B' }), 400],
    ['a subscription', query('subscription { x }'), 400],
    ['two operations and no name', query('query A { __typename } query B { __typename }'), 400],
    ['a body of 300 KiB', query(`{ __typename } #${'x'.repeat(300 * 1024)}`), 413],
  ])('%s is BAD_USER_INPUT in the one shape', async (_what, body, status) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(Object.keys(answer.body)).toEqual(['errors']);
    for (const error of answer.body.errors ?? []) {
      expect(error).toMatchObject({ message: expect.any(String), extensions: { code: 'BAD_USER_INPUT' } });
      expect(
        Object.keys(error).filter((key) => !['message', 'locations', 'extensions'].includes(key)),
      ).toEqual([]);
    }
    expect(answer.body.errors?.length).toBeGreaterThan(0);
  });

  test('an empty operation name and a slash at the end of the address change nothing', async () => {
    for (const path of ['/graphql', '/graphql/']) {
      const response = await fetch(`${harness.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: query('query A { __typename }', { operationName: '' }),
      });
      expect([response.status, await response.json()]).toEqual([200, { data: { __typename: 'Query' } }]);
    }
  });

  test('a value that does not fit is told by its argument and not repeated', async () => {
    const create =
      'mutation ($input: CreateZoomMeetingInput!) { createZoomMeeting(input: $input) { hostedBy } }';
    const input = { topic: 'a', password: 4711 };
    const { status, body } = await post(query(create, { variables: { input } }));
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: 'input.password' }, locations: [{ line: 1 }] },
    ]);
    expect(JSON.stringify(body)).not.toContain('4711');
  });

  test.each(['application/xml', 'application/octet-stream'])(
    'a body of %s is refused in the one shape',
    async (contentType) => {
      const answer = await post('<query/>', { 'content-type': contentType });
      expect(answer.status).toBe(415);
      expect(answer.body.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
    },
  );

  test('no error names a file, a line or a library', async () => {
    const answers = await Promise.all(['{"query":', '{}', '{"query":"{"}', 'null'].map((body) => post(body)));
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toMatch(
      /node_modules|\.[jt]s:\d|at \w+ \(|FST_|stacktrace/,
    );
  });
});

describe('requests that a page of another site could send', () => {
  const mutation = 'mutation { revokeZoom { revokedAtZoom } }';

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'a POST of %s is refused',
    async (contentType) => {
      const userId = someUser();
      const answer = await post(JSON.stringify({ query: mutation }), {
        'content-type': contentType,
        authorization: `Bearer ${await harness.tokenFor(userId)}`,
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body.data).toBeUndefined();
      expect(answer.body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    },
  );

  test('a GET is refused', async () => {
    const response = await fetch(`${harness.url}/graphql?query=${encodeURIComponent('{ __typename }')}`);
    expect(response.status).toBe(400);
    expect(((await response.json()) as Answer['body']).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('a mutation is never answered to a GET, preflight or not', async () => {
    const response = await fetch(`${harness.url}/graphql?query=${encodeURIComponent(mutation)}`, {
      headers: {
        'apollo-require-preflight': '1',
        authorization: `Bearer ${await harness.tokenFor(someUser())}`,
      },
    });
    expect(response.status).toBe(405);
    expect(((await response.json()) as Answer['body']).data).toBeUndefined();
  });
});

describe('rate limits', () => {
  test.each([
    ['startZoomAuthorization', 20, 'mutation { startZoomAuthorization { expiresAt } }'],
    ['refreshZoomToken', 10, 'mutation { refreshZoomToken { connection { status } } }'],
    ['revokeZoom', 10, 'mutation { revokeZoom { revokedAtZoom } }'],
  ])('%s may be called %i times a minute, by each user', async (_name, allowed, mutation) => {
    const [userId, other] = [someUser(), someUser()];
    const codes: (string | undefined)[] = [];
    for (let call = 0; call < allowed; call++)
      codes.push((await harness.graphql(userId, mutation)).errors?.[0]?.extensions.code);
    expect(codes).not.toContain('RATE_LIMITED');
    const { errors } = await harness.graphql(userId, mutation);
    expect(errors?.[0]?.extensions).toEqual({ code: 'RATE_LIMITED', retryAt: expect.any(String) });
    const wait = Date.parse(errors?.[0]?.extensions['retryAt'] as string) - harness.clock().getTime();
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60_000);
    expect((await harness.graphql(other, mutation)).errors?.[0]?.extensions.code).not.toBe('RATE_LIMITED');
  });
});
