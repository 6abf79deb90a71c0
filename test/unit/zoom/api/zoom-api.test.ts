import { Secret } from '../../../../src/lib/secret.js';
import { type ApiRequest, ZoomApi } from '../../../../src/zoom/api/zoom-api.js';

const NOW = new Date('2026-01-15T12:00:00Z');
const LIMITED = { code: 429, message: 'You have reached the maximum per-second rate limit for this API.' };
const CREDENTIALS = { accessToken: new Secret('token'), accountId: 'account' };
const GET: ApiRequest = { method: 'GET', path: '/users/me' };
const POST: ApiRequest = { method: 'POST', path: '/users/me/meetings', body: {} };

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const redirect = (location: string) => new Response(null, { status: 307, headers: { location } });
const refused = () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
const reset = () => Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));

/** An API that answers in this order and keeps what it was asked; the last answer is for good. */
function apiOf(...answers: (() => Response | Promise<Response>)[]) {
  const asked: { url: string; authorization: string | null }[] = [];
  const api = new ZoomApi({
    baseUrl: 'https://api.zoom.us',
    timeoutMs: 1_000,
    clock: () => NOW,
    jitter: () => 0,
    fetch: (url, init) => {
      asked.push({ url, authorization: new Headers(init.headers).get('authorization') });
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      return Promise.resolve(answer ? answer() : json(500, {}));
    },
  });
  return { api, asked };
}

test('a redirect to another cluster is followed with the token', async () => {
  const { api, asked } = apiOf(
    () => redirect('https://api-eu.zoom.us/v2/users/me'),
    () => json(200, { id: 'x' }),
  );
  expect(await api.send(GET, CREDENTIALS)).toMatchObject({ ok: true, body: { id: 'x' } });
  expect(asked[1]).toEqual({ url: 'https://api-eu.zoom.us/v2/users/me', authorization: 'Bearer token' });
});

test('the third redirect of a call is not followed', async () => {
  const { api, asked } = apiOf(() => redirect('https://api-eu.zoom.us/v2/users/me'));
  expect(await api.send(POST, CREDENTIALS)).toMatchObject({ ok: false, failure: { kind: 'unavailable' } });
  expect(asked).toHaveLength(3);
});

test('a redirect to a foreign host never sees the token', async () => {
  const { api, asked } = apiOf(() => redirect('https://example.com/v2/users/me'));
  expect(await api.send(POST, CREDENTIALS)).toMatchObject({ ok: false });
  expect(asked.map(({ url }) => new URL(url).host)).toEqual(['api.zoom.us']);
});

test('a POST that never left is sent again', async () => {
  const { api, asked } = apiOf(refused, () => json(201, { id: 1 }));
  expect(await api.send(POST, CREDENTIALS)).toMatchObject({ ok: true });
  expect(asked).toHaveLength(2);
});

test.each<[string, () => Response | Promise<Response>]>([
  ['whose connection broke', reset],
  ['that met a 500', () => json(500, {})],
  ['that met HTML', () => new Response('<html>', { status: 502 })],
])('a POST %s is not sent again', async (_what, answer) => {
  const { api, asked } = apiOf(answer);
  expect(await api.send(POST, CREDENTIALS)).toMatchObject({ ok: false, failure: { kind: 'unavailable' } });
  expect(asked).toHaveLength(1);
});

test('a daily limit of the account is reported at once, and to later calls without asking', async () => {
  const daily = { code: 429, message: 'You have reached the maximum daily rate limit for this API.' };
  const { api, asked } = apiOf(() => json(429, daily));
  const midnight = {
    ok: false,
    failure: { kind: 'rate_limited', retryAt: new Date('2026-01-16T00:00:00Z') },
  };
  expect(await api.send(GET, CREDENTIALS)).toMatchObject(midnight);
  expect(await api.send(GET, CREDENTIALS)).toMatchObject(midnight);
  expect(asked).toHaveLength(1);
  await api.send(GET, { ...CREDENTIALS, accountId: 'other' });
  expect(asked).toHaveLength(2);
});

test("one user's hundred creations a day do not pause the account", async () => {
  const message =
    'You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user.';
  const { api, asked } = apiOf(
    () => json(429, { code: 429, message }),
    () => json(200, {}),
  );
  expect(await api.send(POST, CREDENTIALS)).toMatchObject({
    failure: { kind: 'rate_limited', per: 'user', retryAt: new Date('2026-01-16T00:00:00Z') },
  });
  expect(await api.send(GET, CREDENTIALS)).toMatchObject({ ok: true });
  expect(asked).toHaveLength(2);
});

test('a POST refused per second is repeated within the budget', async () => {
  let now = NOW.getTime();
  const answers = [json(429, LIMITED), json(201, { id: 1 })];
  const api = new ZoomApi({
    baseUrl: 'https://api.zoom.us',
    timeoutMs: 1_000,
    clock: () => new Date((now += 1_000)),
    jitter: () => 0,
    fetch: () => Promise.resolve(answers.shift() as Response),
  });
  expect(await api.send(POST, CREDENTIALS)).toMatchObject({ ok: true });
  expect(answers).toHaveLength(0);
});
