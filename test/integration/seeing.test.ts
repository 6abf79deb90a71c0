import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { Secret } from '../../src/lib/secret.js';
import { SANDBOX_WEBHOOK_SECRET_TOKEN } from '../../src/dev/sandbox/sandbox.js';
import { createFetch } from '../../src/lib/http-client.js';
import { runInRequest } from '../../src/lib/request-scope.js';
import { type EventsReceiver, startEventsReceiver } from '../support/events-receiver.js';
import { type Harness, someUser, startHarness, tokenFor } from '../support/harness.js';
import { until } from '../support/waiting.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const HOUR = 3_600_000;

let harness: Harness;
let receiver: EventsReceiver;
beforeAll(async () => {
  receiver = await startEventsReceiver();
  harness = await startHarness({
    webhookSecretTokens: [new Secret(SANDBOX_WEBHOOK_SECRET_TOKEN)],
    config: {
      events: { endpoint: { url: new Secret(receiver.url), secrets: [new Secret(receiver.secret)] } },
    },
  });
  harness.sandbox.control.updateApp({ published: true, webhookUrl: `${harness.url}/api/zoom/webhook` });
});
afterAll(async () => {
  await harness.close();
  await receiver.close();
});

/** The value of a series; undefined: there is none. */
async function valueOf(series: string): Promise<number | undefined> {
  const text = await (await fetch(`${harness.url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

const requests = (operation: string, outcome: string) =>
  valueOf(`zoom_token_request_duration_seconds_count{operation="${operation}",outcome="${outcome}"}`);

test('requests of the token endpoint are timed by operation and outcome', async () => {
  const userId = someUser();
  await harness.connect(userId);
  expect(await requests('exchange', 'ok')).toBe(1);
  await harness.advance(2 * HOUR);
  await harness.graphql(userId, '{ zoomProfile { id } }');
  expect(await requests('refresh', 'ok')).toBe(1);
  await harness.graphql(userId, 'mutation { revokeZoom { revokedAtZoom } }');
  await until(async () => (await requests('revoke', 'ok')) === 1);
  expect(await requests('refresh', 'misconfigured')).toBe(0);
});

test('a wrong client secret is seen with the first refresh', async () => {
  const userId = someUser();
  await harness.connect(userId);
  harness.sandbox.control.updateApp({ clientSecret: 'another secret' });
  await harness.advance(2 * HOUR);
  await harness.graphql(userId, '{ zoomProfile { id } }');
  expect(await requests('refresh', 'misconfigured')).toBeGreaterThanOrEqual(1);
  harness.sandbox.control.updateApp({ clientSecret: harness.config.zoom.clientSecret.reveal() });
});

test('commands of the database are timed, and so are their waits for a connection', async () => {
  const before = (await valueOf('mongodb_command_duration_seconds_count')) ?? 0;
  await harness.graphql(someUser(), '{ zoomConnection { status } }');
  expect(await valueOf('mongodb_command_duration_seconds_count')).toBeGreaterThan(before);
  expect(await valueOf('mongodb_pool_wait_seconds_count')).toBeGreaterThan(0);
});

test('a round tells what is stored, and when each job last succeeded', async () => {
  await harness.connect(someUser());
  await harness.advance(301_000);
  expect(await valueOf('zoom_grants{status="CONNECTED"}')).toBeUndefined();
  await harness.server.maintain();
  expect(await valueOf('zoom_grants{status="CONNECTED"}')).toBeGreaterThanOrEqual(1);
  expect(await valueOf('zoom_queue_entries{queue="audit_outbox"}')).toBe(0);
  expect(await valueOf('zoom_sealed_values{kid="test",known="true"}')).toBeGreaterThanOrEqual(1);
  expect(await valueOf('zoom_refresh_tokens{days="90"}')).toBeGreaterThanOrEqual(1);
  for (const job of ['move_audit_events', 'revoke_grants', 'send_events', 'take_census'])
    expect(await valueOf(`maintenance_last_success_timestamp_seconds{job="${job}"}`)).toBeCloseTo(
      harness.clock().getTime() / 1000,
      -1,
    );
});

test('a scrape reads nothing from the database', async () => {
  const commands = () => valueOf('mongodb_command_duration_seconds_count');
  const first = await commands();
  for (let scrape = 0; scrape < 5; scrape++) await commands();
  expect(await commands()).toBe(first);
});

test('the wait of a webhook is measured, and a call over the limit is counted', async () => {
  const lag = await valueOf('zoom_webhook_lag_seconds_count');
  await harness.sandbox.control.sendWebhook({
    event: 'meeting.started',
    payload: { account_id: 'account', object: {} },
  });
  expect(await valueOf('zoom_webhook_lag_seconds_count')).toBe((lag ?? 0) + 1);
  const userId = someUser();
  for (let call = 0; call < 12; call++)
    await harness.graphql(userId, 'mutation { revokeZoom { revokedAtZoom } }');
  expect(await valueOf('rate_limited_total{operation="revoke"}')).toBe(2);
});

test('the versions of the server and of Node are told', async () => {
  const text = await (await fetch(`${harness.url}/metrics`)).text();
  expect(text).toContain(`zoom_grant_server_info{version="0.1.0",node="${process.versions.node}"} 1`);
});

test('a sealed value whose key is missing names request, operation, caller, user and key in the log', async () => {
  const userId = someUser();
  await harness.connect(userId);
  const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid: 'lost-key' }));
  await harness.database.models.grants.updateOne(
    { userId },
    { $set: { zoomAccessToken: `${header.toString('base64url')}....` } },
  );
  const { errors } = await harness.graphql(userId, 'query Mine { zoomProfile { id } }');
  const line = harness.log.lines.find(({ errorId }) => errorId === errors?.[0]?.extensions['errorId']);
  expect(line).toMatchObject({
    msg: 'unexpected error',
    reqId: expect.any(String) as string,
    operation: 'Mine',
    caller: userId,
    err: { type: 'TokenCipherError', code: 'UNKNOWN_KEY', keyId: 'lost-key', userId },
  });
});

describe('the trace of a request', () => {
  const seen: IncomingHttpHeaders[] = [];
  const other = createServer((request, response) => {
    seen.push(request.headers);
    response.end('{}');
  });
  beforeAll(async () => {
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
  });
  afterAll(() => other.close());
  beforeEach(() => {
    seen.length = 0;
  });
  const isEndOf =
    (userId: string) =>
    ({ event: { data } }: EventsReceiver['received'][number]) =>
      data.userId === userId && data.status === 'REVOKED';
  const url = () => `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const scope = { requestId: 'request', trace: { traceId: TRACE, flags: '01' } };

  test.each([
    [
      'carries it on, with a span id of its own',
      true,
      scope,
      new RegExp(`^00-${TRACE}-(?!00f067)\\w{16}-01$`),
    ],
    ['carries nothing on without a trace', true, { requestId: 'request' }, undefined],
    ['to others carries nothing on', false, scope, undefined],
  ])('a request that is sent %s', async (_what, passTrace, given, expected) => {
    const send = createFetch({ keepAlive: false, timeoutMs: 2_000, passTrace });
    await runInRequest(given, async () => (await send(url(), {})).text());
    const [headers] = seen;
    if (expected) expect(headers?.['traceparent']).toMatch(expected);
    else expect(headers).not.toHaveProperty('traceparent');
  });

  test.each([
    ['of a trusted proxy reaches the events endpoint and the log', true],
    ['of anybody else is ignored', false],
  ])('%s', async (_what, isTrusted) => {
    const http = { ...harness.config.http, trustProxy: isTrusted ? ['loopback'] : false, port: 0 };
    const { events, encryptionKeys } = harness.config;
    const behind = await startHarness({ config: { http, events, encryptionKeys } });
    const userId = someUser();
    await harness.connect(userId);
    const grants = harness.database.models.grants.collection;
    for (const grant of await grants.find({ userId }).toArray())
      await behind.database.models.grants.collection.insertOne(grant);
    await fetch(`${behind.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await tokenFor(behind.clock, userId)}`,
        traceparent: TRACEPARENT,
      },
      body: JSON.stringify({ query: 'mutation { revokeZoom { revokedAtZoom } }' }),
    });
    await until(() => receiver.received.some(isEndOf(userId)));
    const sent = receiver.received.find(isEndOf(userId));
    const logged = behind.log.lines.filter(({ traceId }) => traceId === TRACE).map(({ msg }) => msg);
    if (isTrusted) {
      expect(sent?.headers['traceparent']).toMatch(new RegExp(`^00-${TRACE}-(?!00f067)\\w{16}-01$`));
      expect(logged).toEqual(expect.arrayContaining(['request', 'grant.revoked']));
    } else {
      expect(sent?.headers).not.toHaveProperty('traceparent');
      expect(logged).toEqual([]);
    }
    await behind.close();
  });
});
