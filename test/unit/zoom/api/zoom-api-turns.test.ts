import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '../../../../src/lib/secret.js';
import { type ApiRequest, ZoomApi } from '../../../../src/zoom/api/zoom-api.js';

const CREDENTIALS = { accessToken: new Secret('token'), accountId: 'account' };
const get = (path: string): ApiRequest => ({ method: 'GET', path });

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

/** An API that does one call at a time and host, and what it was asked in which order. */
function oneByOne(
  answer: (url: URL, init: RequestInit) => Promise<Response>,
  { maxWaitMs = 5_000, timeoutMs = 1_000 } = {},
) {
  const asked: string[] = [];
  const waits: number[] = [];
  const api = new ZoomApi({
    baseUrl: 'https://api.zoom.us',
    timeoutMs,
    clock: () => new Date('2026-01-15T12:00:00Z'),
    jitter: () => 0,
    callsPerHost: { maxConcurrent: 1, maxWaitMs },
    onTurn: (waitedMs) => waits.push(waitedMs),
    fetch: (href, init) => {
      const url = new URL(href);
      asked.push(url.pathname.replace('/v2', ''));
      return answer(url, init);
    },
  });
  return { api, asked, waits };
}

test('the time limit of a call begins when it is sent, not while it waits its turn', async () => {
  const slow = async (_url: URL, { signal }: RequestInit) => {
    await sleep(60);
    signal?.throwIfAborted();
    return json(200, {});
  };
  const { api, waits } = oneByOne(slow, { timeoutMs: 150 });
  const results = await Promise.all(['/1', '/2', '/3', '/4'].map((path) => api.send(get(path), CREDENTIALS)));
  expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  expect(Math.max(...waits)).toBeGreaterThan(150);
});

test('a call that gets no turn in time was never sent, and is not tried again', async () => {
  let answer: (response: Response) => void = () => undefined;
  const hanging = () => new Promise<Response>((resolve) => (answer = resolve));
  const { api, asked, waits } = oneByOne(hanging, { maxWaitMs: 20 });
  const first = api.send(get('/1'), CREDENTIALS);
  expect(await api.send({ method: 'POST', path: '/2', body: {} }, CREDENTIALS)).toMatchObject({
    ok: false,
    failure: { kind: 'unavailable', neverSent: true },
  });
  answer(json(200, {}));
  expect(await first).toMatchObject({ ok: true });
  expect(asked).toEqual(['/1']);
  expect(waits).toHaveLength(2);
});

test('a call that pauses before its repetition leaves its place to the next', async () => {
  const failures = new Set(['/1']);
  const { api, asked } = oneByOne(({ pathname }) => {
    const fails = failures.delete(pathname.replace('/v2', ''));
    return Promise.resolve(fails ? json(500, {}) : json(200, {}));
  });
  const results = await Promise.all(['/1', '/2'].map((path) => api.send(get(path), CREDENTIALS)));
  expect(results.map(({ ok }) => ok)).toEqual([true, true]);
  expect(asked).toEqual(['/1', '/2', '/1']);
});

test('a call is not sent once Zoom has limited the account while it waited', async () => {
  const message = 'You have reached the maximum daily rate limit for this API.';
  const { api, asked } = oneByOne(() => Promise.resolve(json(429, { code: 429, message })));
  const results = await Promise.all(['/1', '/2'].map((path) => api.send(get(path), CREDENTIALS)));
  for (const result of results) expect(result).toMatchObject({ failure: { kind: 'rate_limited' } });
  expect(asked).toEqual(['/1']);
});

test('a host that hangs does not hold up another', async () => {
  const { api, asked } = oneByOne(({ host }) =>
    host === 'api.zoom.us' ? new Promise(() => undefined) : Promise.resolve(json(200, {})),
  );
  void api.send(get('/1'), CREDENTIALS);
  const elsewhere = { ...CREDENTIALS, apiUrl: 'https://api-eu.zoom.us' };
  expect(await api.send(get('/2'), elsewhere)).toMatchObject({ ok: true });
  expect(asked).toEqual(['/1', '/2']);
});
