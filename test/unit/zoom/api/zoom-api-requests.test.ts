import { Secret } from '../../../../src/lib/secret.js';
import { toGrant } from '../../../../src/grants/grant.js';
import { type UserOAuthToken } from '../../../../src/models/user-oauth-token.js';
import { someGrant } from '../../../support/grant-fixture.js';
import { type ApiRequest, ZoomApi } from '../../../../src/zoom/api/zoom-api.js';

const CREDENTIALS = { accessToken: new Secret('token') };

/** What one call sends, what it brings, and what is told of it. */
async function send(
  request: ApiRequest,
  answer: Response,
  { apiUrl, baseUrl = 'https://api.zoom.us' }: { apiUrl?: string | undefined; baseUrl?: string } = {},
) {
  const sent: { url: string; init: RequestInit }[] = [];
  const answers: { method: string; status: number | undefined; durationMs: number }[] = [];
  const api = new ZoomApi({
    baseUrl,
    timeoutMs: 1_000,
    clock: () => new Date('2026-01-15T12:00:00Z'),
    jitter: () => 0,
    onAnswer: (told) => answers.push(told),
    fetch: (url, init) => {
      sent.push({ url, init });
      return Promise.resolve(answer);
    },
  });
  const result = await api.send(request, { ...CREDENTIALS, ...(apiUrl !== undefined && { apiUrl }) });
  const { url = '', init } = sent[0] ?? {};
  return { url, init, headers: Object.fromEntries(new Headers(init?.headers)), result, answers };
}

test('a call without a body names no content type', async () => {
  const query = { type: 'scheduled', page_size: 30, next_page_token: undefined };
  const { url, init, headers } = await send({ method: 'GET', path: '/users/me', query }, Response.json({}));
  expect(url).toBe('https://api.zoom.us/v2/users/me?type=scheduled&page_size=30');
  expect(init).toMatchObject({ method: 'GET', redirect: 'manual' });
  expect(init).not.toHaveProperty('body');
  expect(headers).toEqual({ authorization: 'Bearer token', accept: 'application/json' });
});

test('a body is sent as JSON', async () => {
  const request: ApiRequest = { method: 'POST', path: '/users/me/meetings', body: { topic: 'x' } };
  const { init, headers } = await send(request, Response.json({}));
  expect(init).toMatchObject({ method: 'POST', body: '{"topic":"x"}' });
  expect(headers).toMatchObject({ 'content-type': 'application/json' });
});

test('a call goes to the host that Zoom named with the token', async () => {
  const { url } = await send({ method: 'GET', path: '/users/me' }, Response.json({}), {
    apiUrl: 'https://api-eu.zoom.us',
  });
  expect(url).toBe('https://api-eu.zoom.us/v2/users/me');
});

test.each([
  'http://127.0.0.1:5895',
  'https://evil.example',
  'http://api-eu.zoom.us',
  'https://api.zoom.us@evil.example',
  'https://api.zoom.us.evil.example',
  'https://api-eu.zoom.us:8443',
  'javascript:0',
  'no address',
  '',
])(
  'a stored row whose base URL was changed to %p sends its token to the configured host',
  async (zoomApiUrl) => {
    const row = { ...someGrant(), zoomApiUrl } as unknown as UserOAuthToken;
    const { zoomApiUrl: apiUrl } = toGrant(row);
    const { url } = await send({ method: 'GET', path: '/users/me' }, Response.json({}), { apiUrl });
    expect(url).toBe('https://api.zoom.us/v2/users/me');
  },
);

test.each(['http://127.0.0.1:9000', 'https://proxy.example.com', 'https://zoom.us.example.com'])(
  'a configured base URL that is no host of Zoom, %s, takes every call, whatever Zoom named with the token',
  async (baseUrl) => {
    const { url } = await send({ method: 'GET', path: '/users/me' }, Response.json({}), {
      apiUrl: 'https://api-eu.zoom.us',
      baseUrl,
    });
    expect(url).toBe(`${baseUrl}/v2/users/me`);
  },
);

test('an empty answer is a success without a body', async () => {
  const answer = new Response('', { status: 200, headers: { 'x-zm-trackingid': 'WEB_1' } });
  const { result } = await send({ method: 'DELETE', path: '/meetings/1' }, answer);
  expect(result).toEqual({ ok: true, body: undefined, zoomTrackingId: 'WEB_1' });
});

test('a success that is no JSON is an outage', async () => {
  const { result } = await send(
    { method: 'POST', path: '/users/me/meetings' },
    new Response('<html>', { status: 200 }),
  );
  expect(result).toMatchObject({ ok: false, failure: { kind: 'unavailable' } });
});

test('each answer is told with its status and how long it took', async () => {
  const { answers } = await send({ method: 'GET', path: '/users/me' }, Response.json({}));
  expect(answers).toEqual([{ method: 'GET', status: 200, durationMs: expect.any(Number) }]);
  expect(answers[0]?.durationMs).toBeLessThan(1_000);
});
