import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { type ApiConfig } from '../../src/config/api.js';
import { Secret } from '../../src/lib/secret.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

const API: ApiConfig = {
  introspection: 'everybody',
  trustedDocumentsFile: undefined,
  metricsToken: undefined,
  hostedMeetingsPerDay: 30,
};
const INTROSPECTION = getIntrospectionQuery();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let harness: Harness;
afterEach(() => harness.close());
const start = async (api: Partial<ApiConfig> = {}, production = false) => {
  harness = await startHarness({ config: { api: { ...API, ...api }, production } });
};

interface Answer {
  data?: Record<string, unknown>;
  errors?: { message: string; extensions: { code: string } }[];
}

/** Posts a body as a user, or as nobody. */
async function post(body: object, userId?: string): Promise<Answer> {
  const response = await fetch(`${harness.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(userId && { authorization: `Bearer ${await harness.tokenFor(userId)}` }),
    },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Answer;
}
const codeOf = ({ errors }: Answer) => errors?.[0]?.extensions.code;
const errorLines = () => harness.log.lines.filter(({ level }) => level === 'error' || level === 'fatal');

describe('reading the schema', () => {
  test('is open to everybody outside of production, but only once in a request', async () => {
    await start();
    expect((await post({ query: INTROSPECTION })).data?.['__schema']).toBeDefined();
    const [, fragments = ''] = INTROSPECTION.split(/(fragment FullType .*)/s);
    const types = '__schema { types { ...FullType } }';
    expect((await post({ query: `{ a: ${types} } ${fragments}` })).data?.['a']).toBeDefined();
    const twice = `{ a: ${types} b: ${types} } ${fragments}`;
    expect(codeOf(await post({ query: twice }))).toBe('BAD_USER_INPUT');
  });

  test('needs a valid token in production, which hides suggestions too', async () => {
    await start({ introspection: 'authenticated' });
    expect(codeOf(await post({ query: INTROSPECTION }))).toBe('UNAUTHENTICATED');
    expect(codeOf(await post({ query: '{ __type(name: "Query") { name } }' }))).toBe('UNAUTHENTICATED');
    expect((await post({ query: '{ __typename }' })).data).toEqual({ __typename: 'Query' });
    expect((await post({ query: INTROSPECTION }, someUser())).data?.['__schema']).toBeDefined();
    const misspelt = await post({ query: '{ zoomConnections { status } }' });
    expect(misspelt.errors?.[0]?.message).not.toMatch(/did you mean|zoomConnection\b/i);
  });

  test('can be turned off', async () => {
    await start({ introspection: 'nobody' });
    for (const userId of [undefined, someUser()])
      expect(codeOf(await post({ query: INTROSPECTION }, userId))).toBe('BAD_USER_INPUT');
  });
});

describe('a small anonymous request that asks for much', () => {
  const aliases = (count: number, field: string) =>
    Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');

  test.each([
    [
      '980 descriptions of all fields, ten times',
      `{ __schema { types { ${aliases(10, 'fields { ...F }')} } } } fragment F on __Field { ${aliases(980, 'description')} }`,
    ],
    [
      '90 descriptions of all fields, nine times',
      `{ __schema { types { ${aliases(9, 'fields { ...F }')} } } } fragment F on __Field { ${aliases(90, 'description')} }`,
    ],
    [
      'fields without aliases in many fragments',
      `{ __schema { types { ${'fields { name args { name } } '.repeat(900)} } } }`,
    ],
    ['one very long alias', `{ __schema { types { ${'a'.repeat(100_000)}: name } } }`],
    ['the schema in 40 aliases', `{ ${aliases(40, '__schema { types { fields { name description } } }')} }`],
    [
      'types of types',
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
    ],
  ])('%s: refused with a short answer', async (_what, query) => {
    await start();
    const response = await fetch(`${harness.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(text.length).toBeLessThan(1_000);
    expect(codeOf(JSON.parse(text) as Answer)).toBe('BAD_USER_INPUT');
    expect(errorLines()).toEqual([]);
  });
});

describe('persisted queries', () => {
  const query = '{ zoomConnection { status } }';
  const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(query) } };

  test('are registered by callers with a token, and used by their hash', async () => {
    await start();
    const userId = someUser();
    expect(codeOf(await post({ extensions }, userId))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect((await post({ query, extensions }, userId)).data).toBeDefined();
    expect((await post({ extensions }, userId)).data).toEqual({
      zoomConnection: { status: 'NOT_CONNECTED' },
    });
    const asGet = await fetch(
      `${harness.url}/graphql?extensions=${encodeURIComponent(JSON.stringify(extensions))}`,
      {
        headers: {
          'apollo-require-preflight': '1',
          authorization: `Bearer ${await harness.tokenFor(userId)}`,
        },
      },
    );
    expect(((await asGet.json()) as Answer).data).toEqual({ zoomConnection: { status: 'NOT_CONNECTED' } });
  });

  test.each<[string, object, string]>([
    ['registered without a token', { query, extensions }, 'PERSISTED_QUERY_NOT_SUPPORTED'],
    [
      'of another version',
      { extensions: { persistedQuery: { version: 2, sha256Hash: sha256(query) } } },
      'BAD_USER_INPUT',
    ],
    [
      'with a malformed hash',
      { query, extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
      'BAD_USER_INPUT',
    ],
    ['with the hash of another text', { query: '{ __typename }', extensions }, 'BAD_USER_INPUT'],
    [
      'with a hash that is an object',
      { extensions: { persistedQuery: { version: 1, sha256Hash: {} } } },
      'BAD_USER_INPUT',
    ],
    ['that are not an object', { query, extensions: { persistedQuery: 7 } }, 'BAD_USER_INPUT'],
  ])("%s are the client's fault, and no error of ours", async (_what, body, code) => {
    await start();
    expect(codeOf(await post(body))).toBe(code);
    expect(errorLines()).toEqual([]);
  });
});

describe('with a list of trusted documents', () => {
  const query = 'query Status { zoomConnection { status } }';
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'documents-'));
    const trustedDocumentsFile = join(folder, 'documents.json');
    writeFileSync(trustedDocumentsFile, JSON.stringify({ [sha256(query)]: query }));
    await start({ trustedDocumentsFile, introspection: 'nobody' });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('only they are run, by their text or their id', async () => {
    const userId = someUser();
    const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(query) } };
    expect((await post({ query }, userId)).data).toBeDefined();
    expect((await post({ extensions }, userId)).data).toBeDefined();
    expect(codeOf(await post({ query: '{ __typename }' }, userId))).toBe('BAD_USER_INPUT');
    const other = { persistedQuery: { version: 1, sha256Hash: sha256('{ __typename }') } };
    expect(codeOf(await post({ query: '{ __typename }', extensions: other }, userId))).toBe('BAD_USER_INPUT');
    expect(codeOf(await post({ extensions: other }, userId))).toBe('PERSISTED_QUERY_NOT_FOUND');
    const metrics = await (await fetch(`${harness.url}/metrics`)).text();
    expect(metrics).toMatch(/^graphql_operation_duration_seconds_count\{operation="Status",code=""\} 2/m);
  });
});

describe('/metrics', () => {
  const metrics = (authorization?: string) =>
    fetch(`${harness.url}/metrics`, { headers: { ...(authorization && { authorization }) } });

  test('is not served in production without a token', async () => {
    await start({}, true);
    expect((await metrics()).status).toBe(404);
  });

  test.each([true, false])('with a token answers whoever sends it (production: %s)', async (production) => {
    const token = 'a token for Prometheus';
    await start({ metricsToken: new Secret(token) }, production);
    for (const wrong of [undefined, token, `Bearer ${token}x`, 'Bearer ', `Basic ${token}`]) {
      const refused = await metrics(wrong);
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
      expect(await refused.json()).toEqual({ error: 'Unauthorized' });
    }
    const answer = await metrics(`Bearer ${token}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).toContain('zoom_grant_events_total');
  });

  test('counts every code, reason and kind from the start', async () => {
    await start();
    const text = await (await metrics()).text();
    for (const series of [
      'graphql_errors_total{code="INTERNAL_SERVER_ERROR"} 0',
      'graphql_errors_total{code="TIMEOUT"} 0',
      'zoom_grant_events_total{type="grant.ended",cause="ROTATION_LOST"} 0',
      'zoom_callback_outcomes_total{outcome="try_again"} 0',
      'zoom_webhooks_total{outcome="refused"} 0',
      'zoom_connection_events_total{outcome="failed"} 0',
    ])
      expect(text).toContain(series);
  });

  test('counts operations and requests, and takes no name from a stranger', async () => {
    await start();
    const userId = someUser();
    await post({ query: 'query Known { zoomConnection { status } }' }, userId);
    await post({ query: 'query Stranger { zoomConnection { status } }' });
    await fetch(`${harness.url}/secret-path?code=abc`);
    const text = await (await metrics()).text();
    expect(text).toContain('graphql_operation_duration_seconds_count{operation="Known",code=""} 1');
    expect(text).toContain(
      'graphql_operation_duration_seconds_count{operation="other",code="UNAUTHENTICATED"} 1',
    );
    expect(text).toContain('graphql_errors_total{code="UNAUTHENTICATED"} 1');
    expect(text).toContain(
      'http_request_duration_seconds_count{route="/graphql",method="POST",status="200"} 2',
    );
    expect(text).not.toMatch(/Stranger|secret-path/);
    const [known] = harness.log.lines.filter(
      (line) => line['operation'] === 'Known' && line['msg'] === 'request',
    );
    expect(known).toMatchObject({ caller: userId, status: 200 });
    const [stranger] = harness.log.lines.filter(
      (line) => line['operation'] === 'Stranger' && line['msg'] === 'request',
    );
    expect(stranger).toMatchObject({ codes: ['UNAUTHENTICATED'] });
  });
});
