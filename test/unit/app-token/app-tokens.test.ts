import { AppTokens } from '../../../src/app-token/app-tokens.js';
import { Secret } from '../../../src/lib/secret.js';
import { AccountCredentialsClient } from '../../../src/oauth/account-credentials-client.js';
import { NOW } from '../../support/grant-fixture.js';
import { json } from '../../support/recorded-requests.js';
import { recordingLogger } from '../../support/recording-logger.js';

const MINUTE = 60_000;

/** The tokens of an app whose requests are answered by `answer`, and how many requests there were. */
function someTokens(answer: (request: number) => Response) {
  let requests = 0;
  let now = NOW;
  const credentials = {
    baseUrl: 'https://zoom.us',
    accountId: 'account',
    clientId: 'client',
    clientSecret: new Secret('the-secret'),
    timeoutMs: 1_000,
  };
  const client = new AccountCredentialsClient(credentials, () => Promise.resolve(answer(++requests)));
  const log = recordingLogger();
  const clock = () => now;
  const tokens = new AppTokens({ client, accountId: 'account', clock, jitter: () => 0, logger: log.logger });
  const get = async (rejectedVersion?: number) => {
    const { value, version } = await tokens.get(rejectedVersion);
    return [value.reveal(), version];
  };
  const advance = (ms: number) => (now = new Date(now.getTime() + ms));
  return { tokens, get, advance, log, requests: () => requests };
}

const issued = (request: number, expires_in = 3600) =>
  json(200, { access_token: `token-${request}`, token_type: 'bearer', expires_in, scope: 'a b' });

test('50 callers at once cost one request, and callers after them none', async () => {
  const { get, requests } = someTokens(issued);
  const got = await Promise.all(Array.from({ length: 50 }, () => get()));
  expect(got).toEqual(got.map(() => ['token-1', 1]));
  expect(await get()).toEqual(['token-1', 1]);
  expect(requests()).toBe(1);
});

test('the token comes with its scopes, its base URL and its account', async () => {
  const answer = { access_token: 't', token_type: 'bearer', scope: 'a b', api_url: 'https://api-eu.zoom.us' };
  const { tokens } = someTokens(() => json(200, answer));
  expect(await tokens.get()).toMatchObject({
    scopes: ['a', 'b'],
    apiUrl: 'https://api-eu.zoom.us',
    accountId: 'account',
  });
});

test('a token with five minutes left is replaced', async () => {
  const { get, advance, requests } = someTokens(issued);
  await get();
  advance(55 * MINUTE - 1);
  expect(await get()).toEqual(['token-1', 1]);
  advance(1);
  expect(await get()).toEqual(['token-2', 2]);
  expect(requests()).toBe(2);
});

test('a token that Zoom has refused is replaced once for all who hold it, and the new one stays', async () => {
  const { get, requests } = someTokens(issued);
  await get();
  const got = await Promise.all(Array.from({ length: 6 }, () => get(1)));
  expect(got).toEqual(got.map(() => ['token-2', 2]));
  expect(await get(1)).toEqual(['token-2', 2]);
  expect(requests()).toBe(2);
});

test('a token that lives for five minutes or less is used by those who waited for it', async () => {
  const { get, requests } = someTokens((request) => issued(request, 60));
  expect(await Promise.all([get(), get()])).toEqual([
    ['token-1', 1],
    ['token-1', 1],
  ]);
  expect(requests()).toBe(1);
});

test('a short token is used while requests fail, until it has expired', async () => {
  const { get, advance, requests } = someTokens((request) => (request === 1 ? issued(1) : json(503, {})));
  await get();
  advance(56 * MINUTE);
  expect(await get()).toEqual(['token-1', 1]);
  expect(await get()).toEqual(['token-1', 1]);
  expect(requests()).toBe(2);
  advance(4 * MINUTE);
  await expect(get()).rejects.toMatchObject({ code: 'ZOOM_UNAVAILABLE' });
});

test('a refused request is not repeated during its backoff, which doubles, and a success ends it', async () => {
  const { get, advance, requests } = someTokens((request) => (request < 3 ? json(503, {}) : issued(request)));
  for (const backoff of [500, 1_000]) {
    const retryAt = new Date(NOW.getTime() + (backoff === 500 ? 500 : 1_500));
    for (let caller = 0; caller < 3; caller++)
      await expect(get()).rejects.toMatchObject({ code: 'ZOOM_UNAVAILABLE', details: { retryAt } });
    advance(backoff);
  }
  expect(requests()).toBe(2);
  expect(await get()).toEqual(['token-3', 1]);
});

test('refused credentials are an alarm for the operator, without the secret', async () => {
  const { get, log } = someTokens(() => json(400, { error: 'invalid_client', reason: 'Invalid client' }));
  await expect(get()).rejects.toMatchObject({ code: 'ZOOM_APP_MISCONFIGURED' });
  expect(log.lines).toMatchObject([{ level: 'fatal', code: 'ZOOM_APP_MISCONFIGURED' }]);
  expect(log.text()).not.toContain('the-secret');
});
