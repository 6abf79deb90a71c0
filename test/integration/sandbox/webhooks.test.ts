import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SANDBOX_CLIENT_ID, startSandbox, type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { basic, connect, post, REDIRECT_URI, type Json } from './client.js';

const SECRET = 'endpoint-secret';
const MINUTE = 60_000;

interface Received {
  headers: IncomingHttpHeaders;
  raw: string;
  json: Json;
}

let sandbox: Sandbox;
let endpoint: Server;
let received: Received[];
let answer: (event: Received) => { status: number; body?: string };

beforeAll(async () => {
  endpoint = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      const event = { headers: request.headers, raw, json: JSON.parse(raw) };
      received.push(event);
      const { status, body = '' } = answer(event);
      response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const webhookUrl = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/webhook`;
  sandbox = await startSandbox({
    app: { redirectUris: [REDIRECT_URI], published: true, webhookUrl, webhookSecretToken: SECRET },
    clock: () => new Date('2026-03-01T12:00:00Z'),
  });
});
beforeEach(() => {
  sandbox.control.reset();
  received = [];
  answer = () => ({ status: 200 });
});
afterAll(async () => {
  await sandbox.close();
  await new Promise((resolve) => endpoint.close(resolve));
});

const hmac = (text: string) => createHmac('sha256', SECRET).update(text).digest('hex');
const isSigned = ({ headers, raw }: Received) =>
  headers['x-zm-signature'] === `v0=${hmac(`v0:${String(headers['x-zm-request-timestamp'])}:${raw}`)}`;
const user = () => sandbox.control.users()[0]?.id ?? '';

describe('app_deauthorized', () => {
  it('is sent, signed, when the user uninstalls a published app', async () => {
    await connect(sandbox);
    expect(await sandbox.control.uninstall(user())).toBe(true);
    expect(received).toHaveLength(1);
    const [event] = received as [Received];
    expect(isSigned(event)).toBe(true);
    expect(event.headers).toMatchObject({
      'user-agent': 'Zoom Marketplace/1.0a',
      'content-type': 'application/json; charset=utf-8',
      'x-zm-request-timestamp': '1772366400',
    });
    expect(event.json).toEqual({
      event: 'app_deauthorized',
      event_ts: 1772366400000,
      payload: {
        account_id: sandbox.control.users()[0]?.accountId,
        user_id: user(),
        client_id: SANDBOX_CLIENT_ID,
        deauthorization_time: '2026-03-01T12:00:00.000Z',
        signature: expect.any(String),
      },
    });
  });

  it('is also sent for a revocation by the app', async () => {
    const { access } = await connect(sandbox);
    await post(`${sandbox.url}/oauth/revoke`, { token: access }, basic());
    while (received.length === 0) await sleep(5);
    expect(received[0]?.json.payload.user_id).toBe(user());
  });

  it('is not sent for an unpublished app, nor without a grant', async () => {
    expect(await sandbox.control.uninstall(user())).toBe(false);
    await connect(sandbox);
    sandbox.control.updateApp({ published: false });
    expect(await sandbox.control.uninstall(user())).toBe(true);
    expect(received).toEqual([]);
  });
});

describe('sendWebhook', () => {
  it('can forge, date back, repeat and replace an event', async () => {
    await sandbox.control.sendWebhook({ badSignature: true });
    await sandbox.control.sendWebhook({ timestampOffsetMs: -10 * MINUTE, eventTsInPayload: true });
    await sandbox.control.sendWebhook({
      times: 3,
      event: 'meeting.started',
      payload: { object: { id: '1' } },
    });
    const [forged, aged, ...copies] = received as [Received, Received, ...Received[]];
    expect(isSigned(forged)).toBe(false);
    expect(isSigned(aged)).toBe(true);
    expect(aged.headers['x-zm-request-timestamp']).toBe('1772365800');
    expect(aged.json.payload.event_ts).toBe(1772366400000);
    expect(aged.json).not.toHaveProperty('event_ts');
    expect(copies.map(({ json }) => json.payload)).toEqual(Array(3).fill({ object: { id: '1' } }));
  });
});

describe('retries', () => {
  const outcome = () => sandbox.control.webhooks()[0]?.outcome;

  it('after a 5xx answer are made 5, 20 and 60 minutes later, then no more', async () => {
    answer = () => ({ status: 503 });
    await sandbox.control.sendWebhook();
    const counts = [];
    for (const minutes of [4, 1, 19, 1, 59, 1, 600]) {
      await sandbox.control.advanceClock(minutes * MINUTE);
      counts.push(received.length);
    }
    expect(counts).toEqual([1, 2, 2, 3, 3, 4, 4]);
    expect(outcome()).toBe('dropped');
    expect(new Set(received.map(({ raw }) => raw)).size).toBe(1);
    expect(received.every(isSigned)).toBe(true);
  });

  it('stop with the first success', async () => {
    answer = () => ({ status: received.length < 2 ? 500 : 204 });
    await sandbox.control.sendWebhook();
    await sandbox.control.advanceClock(200 * MINUTE);
    expect(received).toHaveLength(2);
    expect(outcome()).toBe('delivered');
  });

  it.each([302, 400, 401, 404])('are not made after a %i', async (status) => {
    answer = () => ({ status });
    await sandbox.control.sendWebhook();
    await sandbox.control.advanceClock(200 * MINUTE);
    expect(received).toHaveLength(1);
    expect(outcome()).toBe('refused');
  });

  it('are made after a refused connection', async () => {
    sandbox.control.updateApp({ webhookUrl: 'http://127.0.0.1:1/webhook' });
    await sandbox.control.sendWebhook();
    await sandbox.control.advanceClock(5 * MINUTE);
    expect(sandbox.control.webhooks()[0]?.attempts.map(({ status }) => status)).toEqual([null, null]);
  });
});

describe('endpoint validation', () => {
  const prove = ({ json }: Received) => {
    const { plainToken } = json.payload;
    return { status: 200, body: JSON.stringify({ plainToken, encryptedToken: hmac(plainToken) }) };
  };

  it('accepts the endpoint that knows the secret token', async () => {
    answer = prove;
    expect(await sandbox.control.validateEndpoint()).toMatchObject({
      valid: true,
      status: 200,
      disabled: false,
    });
    const [challenge] = received as [Received];
    expect(challenge.json.event).toBe('endpoint.url_validation');
    expect(isSigned(challenge)).toBe(true);
  });

  it.each([
    ['a wrong proof', { status: 200, body: '{"plainToken":"x","encryptedToken":"y"}' }],
    ['no JSON', { status: 200, body: 'ok' }],
    ['a failure', { status: 500 }],
  ])('refuses %s', async (_what, given) => {
    answer = () => given;
    expect(await sandbox.control.validateEndpoint()).toMatchObject({ valid: false, consecutiveFailures: 1 });
  });

  it('six failures in a row disable the subscription, but not the deauthorization', async () => {
    for (let times = 0; times < 6; times += 1) await sandbox.control.validateEndpoint();
    received = [];
    expect(await sandbox.control.sendWebhook({ event: 'meeting.started' })).toEqual([]);
    await sandbox.control.sendWebhook();
    expect(received.map(({ json }) => json.event)).toEqual(['app_deauthorized']);
    answer = prove;
    expect(await sandbox.control.validateEndpoint()).toMatchObject({
      consecutiveFailures: 0,
      disabled: false,
    });
  });
});
