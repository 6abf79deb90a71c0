import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { signWebhook } from '../../src/dev/sandbox/webhooks/endpoint.js';
import { type PassingAnswer, type PassingRequest } from '../support/tls-proxy.js';
import { until } from '../support/waiting.js';
import { ADDRESS, BROWSER, WatchedRun } from './run.js';

const EMAIL = 'canary.coach@zoom-canary.example';
const PASSCODE = 'Qz8@Vw_4x*';
const WEBHOOK_TEXT = `canary-of-a-webhook-${randomUUID()}`;
const REJECTED_TEXT = `canary-of-a-rejected-value-${randomUUID()}`;

/** Where a canary belongs. Nowhere else may it be found, and a canary that is not named here nowhere at all. */
const BELONGS: Record<string, readonly string[]> = {
  // The browser takes it to Zoom. The database has its hash.
  state: ['answer to start'],
  // Set for the browser that begins. The database has its hash.
  cookie: ['answer to start'],
  // Users see it in the answers of Zoom about their own meetings.
  passcode: ['answer to meetings'],
  'token of a start link': ['answer to meetings'],
  'passcode in a join link': ['answer to meetings'],
  // The platform shows users which Zoom account they have connected.
  email: ['answer to profile', 'answer to connection', 'stored in useroauthtokens'],
  // Who did what from where: for the user, for support and for the operator's log of requests.
  address: [
    'log',
    'answer to audit trail',
    'stored in useroauthtokens',
    'stored in auditevents',
    'stored in authorizationrequests',
    'stored in ratelimits',
  ],
  browser: [
    'answer to audit trail',
    'stored in useroauthtokens',
    'stored in auditevents',
    'stored in authorizationrequests',
  ],
};

const MEETING = 'id joinUrl startUrl password topic';
const CREATE = `mutation ($input: CreateZoomMeetingInput!) { createZoomMeeting(input: $input) { hostedBy meeting { ${MEETING} } } }`;
const CONNECTION = '{ zoomConnection { status reason zoomEmail zoomUserId } }';
const TRAIL =
  '{ zoomAuditEvents(first: 100) { edges { node { type cause ipAddress userAgent zoomUserId } } } }';
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

/** An answer of Zoom that repeats whatever was sent, in a status, in its fields of errors, and in a page. */
function echo({ headers, body, path }: PassingRequest, status: number, asPage: boolean): PassingAnswer {
  const sent = `${headers.authorization} ${decodeURIComponent(body)} ${body} ${path}`;
  const error = { error: 'server_error', reason: sent, error_description: sent, code: 300, message: sent };
  return {
    status,
    headers: {
      'content-type': asPage ? 'text/html' : 'application/json',
      'x-zm-trackingid': 'v=2.0;clid=us04',
    },
    body: asPage ? `<html>${sent}</html>` : JSON.stringify(error),
  };
}

let run: WatchedRun;
beforeAll(async () => {
  run = await WatchedRun.start();
  run.canaries.add('email', EMAIL);
  run.canaries.add('passcode', PASSCODE);
  run.canaries.add('text of a webhook', WEBHOOK_TEXT);
  run.canaries.add('rejected value', REJECTED_TEXT);
}, 90_000);
afterAll(() => run.production.close());

/** Makes Zoom repeat what it is sent at these paths, while `work` is done. */
async function whileZoomEchoes(path: RegExp, status: number, work: () => Promise<unknown>): Promise<void> {
  for (const asPage of [false, true]) {
    run.production.zoom.answerInstead = (asked) =>
      path.test(asked.path) ? echo(asked, status, asPage) : undefined;
    await work();
  }
  run.production.zoom.answerInstead = undefined;
}

async function connect(userId: string): Promise<string> {
  const { id } = run.production.sandbox.control.addUser({ email: EMAIL });
  const { callback, cookie } = await run.begin(userId, id);
  const { answer } = await run.send('callback', callback, { headers: { cookie } });
  expect(answer.headers.get('location')).toContain('zoom=connected');
  return id;
}

async function useEverything(userId: string): Promise<void> {
  await run.ask(userId, 'profile', '{ zoomProfile { id email displayName } }');
  await run.ask(userId, 'connection', CONNECTION);
  const input = { topic: 'Coaching', startTime: inAnHour(), password: PASSCODE };
  const { body } = await run.ask(userId, 'meetings', CREATE, { input });
  expect(body.data.createZoomMeeting.hostedBy).toBe('USER');
  const { id } = body.data.createZoomMeeting.meeting as { id: string };
  await run.ask(userId, 'meetings', `{ zoomMeeting(id: "${id}") { ${MEETING} } }`);
  await run.ask(userId, 'list of meetings', '{ zoomMeetings { edges { node { id topic } } } }');
  await run.ask(userId, 'refresh', 'mutation { refreshZoomToken { connection { status } } }');
  // Without a connection the platform hosts it.
  const hosted = await run.ask('canary-guest', 'meetings', CREATE, { input });
  expect(hosted.body.data.createZoomMeeting.hostedBy).toBe('APP');
}

async function failEverything(userId: string): Promise<void> {
  await whileZoomEchoes(/^\/v2/, 400, () => run.ask(userId, 'profile', '{ zoomProfile { id } }'));
  await whileZoomEchoes(/^\/v2/, 401, () => run.ask(userId, 'profile', '{ zoomProfile { id } }'));
  for (const status of [400, 401, 500])
    await whileZoomEchoes(/^\/oauth\/token/, status, () =>
      run.ask(userId, 'refresh', 'mutation { refreshZoomToken { connection { status } } }'),
    );
  for (const status of [400, 503])
    await whileZoomEchoes(/^\/oauth\/token/, status, async () => {
      const { callback, cookie } = await run.begin('canary-newcomer', zoomUserOf(run));
      await run.send('callback', callback, { headers: { cookie } });
    });
}

const zoomUserOf = ({ production }: WatchedRun) => production.sandbox.control.addUser().id;

/** Secrets in places where they do not belong, and values that are refused. */
async function misuse(userId: string): Promise<void> {
  const { callback, cookie } = await run.begin(userId, zoomUserOf(run));
  await run.send('callback', callback, { headers: { cookie: `${cookie}x` } });
  await run.send('callback', `${callback}&iss=another-issuer`, { headers: { cookie } });
  await run.send('a wrong path', callback.replace('?', '/?'), { headers: { cookie } });
  await run.send('a wrong path', `/nowhere?code=${REJECTED_TEXT}`);
  await run.send('a wrong path', `/%?code=${REJECTED_TEXT}`);
  await run.ask(userId, 'refused values', `{ zoomMeeting(id: "${REJECTED_TEXT}") { id } }`);
  await run.ask(
    userId,
    'refused values',
    'query ($n: Int) { zoomMeetings(first: $n) { edges { cursor } } }',
    {
      n: REJECTED_TEXT,
    },
  );
  await run.ask(userId, 'refused values', `{ zoomMeetings(after: "${REJECTED_TEXT}") { edges { cursor } } }`);
  await run.send('refused values', '/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"query": "${REJECTED_TEXT}`,
  });
}

async function webhooks(): Promise<void> {
  const body = JSON.stringify({ event: 'meeting.started', payload: { object: { topic: WEBHOOK_TEXT } } });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = signWebhook(run.production.secrets['webhook secret token'] ?? '', timestamp, body);
  for (const given of [signature, `v0=${'0'.repeat(64)}`])
    await run.send('webhook', '/api/zoom/webhook', {
      method: 'POST',
      headers: { 'x-zm-signature': given, 'x-zm-request-timestamp': timestamp },
      body,
    });
}

test('no secret is found in any log line, metric, header, body, event or stored value but where it belongs', async () => {
  const userId = 'canary-coach';
  await connect(userId);
  await useEverything(userId);
  await failEverything(userId);
  await misuse(userId);
  await webhooks();
  const leaving = 'canary-leaver';
  const zoomUserId = await connect(leaving);
  await sleep(1_100);
  await run.production.sandbox.control.uninstall(zoomUserId);
  await whileZoomEchoes(/^\/oauth\/(revoke|token)/, 503, () =>
    run.ask(userId, 'disconnect', 'mutation { revokeZoom { revokedAtZoom } }'),
  );
  await run.ask(userId, 'connection', CONNECTION);
  await run.ask(userId, 'audit trail', TRAIL);
  await until(() => run.production.events.received.length >= 3);

  const seen = new Map<string, Set<string>>();
  for (const { place, text } of await run.exits())
    for (const { name } of run.canaries.find(text)) seen.set(name, (seen.get(name) ?? new Set()).add(place));
  const found = Object.fromEntries([...seen].map(([name, places]) => [name, [...places].toSorted()]));
  const expected = Object.fromEntries(
    Object.entries(BELONGS).map(([name, places]) => [name, places.toSorted()]),
  );
  expect(found).toEqual(expected);
}, 180_000);

test('the cookie of an authorization belongs to this host alone, and goes over TLS only', async () => {
  const { setCookie } = await run.begin('canary-guest', zoomUserOf(run));
  expect(setCookie).toMatch(
    /^__Host-zoom_auth_[\w-]+=[\w-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
});

test('the run has used every kind of secret', () => {
  const kinds = run.canaries.names();
  expect(kinds).toEqual(
    expect.arrayContaining([
      ...['access token', 'refresh token', 'code', 'PKCE verifier', 'state', 'cookie', 'bearer token'],
      ...['authorization of a request to Zoom', 'token of a start link', 'passcode in a join link'],
      ...['client secret', 'encryption key', 'webhook secret token', 'signing secret of events'],
    ]),
  );
  expect([ADDRESS, BROWSER, EMAIL, PASSCODE].flatMap((text) => run.canaries.find(text))).toHaveLength(4);
});
