import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { api, basic, connect, post, read, authorizeUrl, REDIRECT_URI, refresh } from './client.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ app: { redirectUris: [REDIRECT_URI] } });
});
beforeEach(() => sandbox.control.reset());
afterAll(() => sandbox.close());

const state = (token: string) => sandbox.control.isRefreshTokenLive(token);

describe('a fault', () => {
  it('drop_answer rotates and then cuts the connection', async () => {
    const first = await connect(sandbox);
    sandbox.control.injectFault({ target: 'refresh', kind: 'drop_answer' });
    await expect(refresh(sandbox, first.refresh)).rejects.toThrow();
    expect(state(first.refresh)).toBe(false);
    expect(sandbox.control.counters().refreshes).toEqual({ granted: 1, rejected: 0 });
    expect((await refresh(sandbox, first.refresh)).json.error).toBe('invalid_grant');
  });

  it('reset cuts before any work', async () => {
    const first = await connect(sandbox);
    sandbox.control.injectFault({ target: 'token', kind: 'reset' });
    await expect(refresh(sandbox, first.refresh)).rejects.toThrow();
    expect(state(first.refresh)).toBe(true);
    expect(sandbox.control.requests().at(-1)).toMatchObject({ path: '/oauth/token', status: null });
  });

  it('hang does the work and never answers', async () => {
    const first = await connect(sandbox);
    sandbox.control.injectFault({ target: 'refresh', kind: 'hang' });
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: first.refresh });
    const signal = AbortSignal.timeout(150);
    const waiting = fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body, headers: basic(), signal });
    await expect(waiting).rejects.toThrow(/timeout/);
    expect(state(first.refresh)).toBe(false);
  });

  it.each([
    ['work', true],
    ['answer', false],
  ] as const)('delay comes before the %s', async (hold, liveMeanwhile) => {
    const first = await connect(sandbox);
    sandbox.control.injectFault({ target: 'refresh', kind: 'delay', ms: 120, hold });
    const waiting = refresh(sandbox, first.refresh);
    await sleep(60);
    expect(state(first.refresh)).toBe(liveMeanwhile);
    expect((await waiting).status).toBe(200);
  });

  it.each(['work', 'answer'] as const)('clearing the faults ends the delay of the %s', async (hold) => {
    const first = await connect(sandbox);
    sandbox.control.injectFault({ target: 'refresh', kind: 'delay', ms: 60_000, hold });
    const waiting = refresh(sandbox, first.refresh);
    await sleep(60);
    sandbox.control.clearFaults();
    expect((await waiting).status).toBe(200);
  });

  it('status answers with the given status, headers and body, and does no work', async () => {
    const first = await connect(sandbox);
    sandbox.control.injectFault({
      target: 'refresh',
      kind: 'status',
      status: 503,
      headers: { 'x-why': 'fault' },
      body: { message: 'later' },
    });
    const answer = await refresh(sandbox, first.refresh);
    expect(answer).toMatchObject({ status: 503, json: { message: 'later' } });
    expect(answer.headers.get('x-why')).toBe('fault');
    expect(state(first.refresh)).toBe(true);
  });

  it.each(['2026-05-31T00:00:00Z', '7', undefined])(
    'rate_limited sends Retry-After %s as given',
    async (retryAfter) => {
      const { access } = await connect(sandbox);
      sandbox.control.injectFault({ target: 'api', kind: 'rate_limited', retryAfter });
      const answer = await api(sandbox, '/v2/users/me', access);
      expect(answer.status).toBe(429);
      expect(answer.headers.get('retry-after')).toBe(retryAfter ?? null);
    },
  );

  it('html answers 502 with a page', async () => {
    sandbox.control.injectFault({ target: 'revoke', kind: 'html' });
    const answer = await post(`${sandbox.url}/oauth/revoke`, { token: 'x' }, basic());
    expect(answer.status).toBe(502);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.text).toContain('<html>');
  });

  it('affects the given number of requests, only of its target and its path', async () => {
    const { access } = await connect(sandbox);
    sandbox.control.injectFault({
      target: 'api',
      kind: 'status',
      status: 500,
      times: 2,
      path: '/v2/users/me/meetings',
    });
    const status = async (path: string) => (await api(sandbox, path, access)).status;
    expect(await status('/v2/users/me')).toBe(200);
    expect(await status('/v2/users/me/meetings?page_size=1')).toBe(500);
    expect(await status('/v2/users/me/meetings')).toBe(500);
    expect(await status('/v2/users/me/meetings')).toBe(200);
  });

  it('exchange does not affect a refresh, and token affects both', async () => {
    sandbox.control.injectFault({ target: 'exchange', kind: 'status', status: 500 });
    expect((await refresh(sandbox, 'x')).status).toBe(400);
    sandbox.control.clearFaults();
    sandbox.control.injectFault({ target: 'token', kind: 'status', status: 500 });
    expect((await refresh(sandbox, 'x')).status).toBe(500);
  });

  it('can affect the authorization endpoint', async () => {
    sandbox.control.injectFault({ target: 'authorize', kind: 'status', status: 500 });
    expect((await read(await fetch(authorizeUrl(sandbox)))).status).toBe(500);
  });
});

it('close ends the requests that were left hanging', async () => {
  const other = await startSandbox();
  other.control.injectFault({ target: 'token', kind: 'hang' });
  const waiting = refresh(other, 'x');
  while (other.control.counters().tokenRequests.refreshToken === 0) await sleep(5);
  await Promise.all([expect(waiting).rejects.toThrow(), other.close()]);
});

it('the token endpoint has the given latency', async () => {
  const slow = await startSandbox({ tokenLatencyMs: 80 });
  const began = performance.now();
  await refresh(slow, 'x');
  expect(performance.now() - began).toBeGreaterThanOrEqual(75);
  await slow.close();
});
