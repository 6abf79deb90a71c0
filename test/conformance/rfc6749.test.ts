// RFC 6749, the OAuth 2.0 authorization framework, as far as a confidential client with the code grant uses it.
import { AccountCredentialsClient } from '../../src/oauth/account-credentials-client.js';
import { TokenRequestError } from '../../src/oauth/token-request-error.js';
import { Secret } from '../../src/lib/secret.js';
import { json, oauthClientWith, type RecordedRequest } from '../support/recorded-requests.js';

const TOKENS = {
  access_token: 'at-1',
  token_type: 'bearer',
  refresh_token: 'rt-1',
  expires_in: 3599,
  scope: 'a b',
};
const exchange = (client: ReturnType<typeof oauthClientWith>['client'], query = 'code=c%2F1&state=s') =>
  client.exchangeAuthorizationCode({
    query: new URLSearchParams(query),
    state: 's',
    codeVerifier: new Secret('v'.repeat(43)),
  });
const refresh = (answer: () => Response | Promise<Response>) =>
  oauthClientWith(answer).client.refreshAccessToken(new Secret('rt-0'));
const failureOf = (answer: () => Response | Promise<Response>) =>
  refresh(answer).then(
    () => undefined,
    (error: unknown) => (error as TokenRequestError).failure,
  );

/** The one request that was sent. */
function only(requests: RecordedRequest[]): RecordedRequest {
  const [request, ...more] = requests;
  if (!request || more.length > 0) throw new Error(`${requests.length} requests were sent`);
  return request;
}

describe('§2.3.1 client authentication', () => {
  /** The credentials of a request, as a server that follows the RFC reads them. */
  const credentials = ({ headers }: RecordedRequest) => {
    const [scheme, value = ''] = headers.get('authorization')?.split(' ') ?? [];
    const raw = Buffer.from(value, 'base64').toString('latin1');
    const decoded = raw.split(':').map((part) => new URLSearchParams(`v=${part}`).get('v'));
    return { scheme, raw, decoded };
  };

  test.each([
    ['7lstjK9NTyett_oeXtFiEQ', 'sbx7Yq2LmVt4-RcX9nKd_0'],
    ['client:1', 'a:b:c'],
    ['client 1', 'a+b/c%d&e=f'],
    ['zürich', '密'],
  ])('the id %s and the secret %s are form-encoded before Basic', async (clientId, clientSecret) => {
    const { client, requests } = oauthClientWith(() => json(200, TOKENS), { clientId, clientSecret });
    await client.refreshAccessToken(new Secret('rt-0'));
    const { scheme, raw, decoded } = credentials(only(requests));
    expect(scheme).toBe('Basic');
    expect(raw).toMatch(/^[\x21-\x7e]*$/);
    expect(decoded).toEqual([clientId, clientSecret]);
  });

  test("letters, digits and Zoom's - and _ are sent as they are, for servers that do not decode", async () => {
    const { client, requests } = oauthClientWith(() => json(200, TOKENS), {
      clientId: '7lstjK9NTyett_oeXtFiEQ',
      clientSecret: 'a-b_c.d',
    });
    await client.refreshAccessToken(new Secret('rt-0'));
    expect(credentials(only(requests)).raw).toBe('7lstjK9NTyett_oeXtFiEQ:a-b_c.d');
  });

  test("the app's own credentials are sent in the same way", async () => {
    const requests: Headers[] = [];
    const client = new AccountCredentialsClient(
      {
        baseUrl: 'https://zoom.us',
        accountId: 'account',
        clientId: 'a_b',
        clientSecret: new Secret('c-d:e'),
        timeoutMs: 1_000,
      },
      (_url, init) => {
        requests.push(new Headers(init.headers));
        return Promise.resolve(json(200, TOKENS));
      },
    );
    await client.requestAccessToken();
    expect(requests[0]?.get('authorization')).toBe(`Basic ${Buffer.from('a_b:c-d%3Ae').toString('base64')}`);
  });

  test('the credentials stand in the header alone', async () => {
    const { client, requests } = oauthClientWith(() => json(200, TOKENS));
    await exchange(client);
    const { url, body } = only(requests);
    expect(url).not.toContain('client');
    expect([...body.keys()]).not.toContain('client_secret');
  });
});

describe('§4.1.1 authorization request', () => {
  test('names response type, client, redirect URI, state and the S256 challenge', async () => {
    const { client } = oauthClientWith(() => json(200, TOKENS));
    const { authorizationUrl, state } = await client.createAuthorizationRequest(['a', 'b']);
    const url = new URL(authorizationUrl);
    expect(`${url.origin}${url.pathname}`).toBe('https://zoom.us/oauth/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'client-id',
      redirect_uri: 'https://api.example.com/api/zoom/oauth/user-callback',
      state,
      code_challenge: expect.any(String),
      code_challenge_method: 'S256',
      // §3.3 has a space; Zoom wants a comma (docs/zoom-protocol.md §1.1).
      scope: 'a,b',
    });
  });
});

describe('§4.1.2 authorization response', () => {
  test.each([
    { iss: 'https://zoom.us' },
    { iss: 'https://evil.example', session_state: 'x' },
    { token: 't', id_token: 'i', response: 'r', error: '' },
  ])('parameters that are not known are ignored: %j', async (more) => {
    const { client, requests } = oauthClientWith(() => json(200, TOKENS));
    const query = new URLSearchParams({ code: 'c/1', state: 's', ...more });
    await client.exchangeAuthorizationCode({ query, state: 's', codeVerifier: new Secret('v'.repeat(43)) });
    expect(only(requests).body.get('code')).toBe('c/1');
    expect([...only(requests).body.keys()]).not.toContain('iss');
  });
});

describe('§4.1.3 access token request', () => {
  test('sends grant type, code, redirect URI and verifier as a form', async () => {
    const { client, requests } = oauthClientWith(() => json(200, TOKENS));
    await exchange(client);
    expect(requests).toHaveLength(1);
    const { url, method, headers, body } = only(requests);
    expect([method, url]).toEqual(['POST', 'https://zoom.us/oauth/token']);
    expect(headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/);
    expect(Object.fromEntries(body)).toEqual({
      grant_type: 'authorization_code',
      code: 'c/1',
      redirect_uri: 'https://api.example.com/api/zoom/oauth/user-callback',
      code_verifier: 'v'.repeat(43),
    });
  });
});

describe('§6 refreshing an access token', () => {
  test('sends grant type and refresh token, once', async () => {
    const { client, requests } = oauthClientWith(() => json(200, TOKENS));
    await client.refreshAccessToken(new Secret('rt-0'));
    expect(requests.map(({ body }) => Object.fromEntries(body))).toEqual([
      { grant_type: 'refresh_token', refresh_token: 'rt-0' },
    ]);
  });

  test('an answer without a refresh token leaves the old one in use', async () => {
    const rest = { ...TOKENS, refresh_token: undefined };
    expect((await refresh(() => json(200, rest))).refreshToken).toBeUndefined();
  });
});

describe('§5.1 successful response', () => {
  test('is read in full', async () => {
    const body = { ...TOKENS, api_url: 'https://api-eu.zoom.us' };
    const response = await refresh(() => json(200, body, { 'x-zm-trackingid': 'WEB_1' }));
    expect(response).toMatchObject({
      expiresInSeconds: 3599,
      scopes: ['a', 'b'],
      apiUrl: 'https://api-eu.zoom.us',
      trackingId: 'WEB_1',
    });
    expect(response.accessToken.reveal()).toBe('at-1');
    expect(response.refreshToken?.reveal()).toBe('rt-1');
  });

  test.each(['https://api.zoom.us.evil.example', 'http://api.zoom.us', 'api', '', 7])(
    'an API base URL that is not https on a host of zoom.us is dropped: %p',
    async (api_url) => {
      expect((await refresh(() => json(200, { ...TOKENS, api_url }))).apiUrl).toBeUndefined();
    },
  );

  test('scopes may be separated by commas, and the lifetime left out', async () => {
    const rest = { ...TOKENS, expires_in: undefined };
    expect(await refresh(() => json(200, { ...rest, scope: 'a,b' }))).toMatchObject({
      scopes: ['a', 'b'],
      expiresInSeconds: 3600,
    });
  });

  test.each<[string, () => Response]>([
    ['HTML', () => new Response('<html></html>', { headers: { 'content-type': 'text/html' } })],
    ['nothing', () => new Response(null, { status: 200 })],
    [
      'JSON cut off',
      () => new Response('{"access_token":"at', { headers: { 'content-type': 'application/json' } }),
    ],
    ['no access token', () => json(200, { token_type: 'bearer' })],
    ['an access token that is no text', () => json(200, { ...TOKENS, access_token: 7 })],
    ['a list', () => json(200, [TOKENS])],
  ])('200 with %s is a malformed success: the token may have been rotated', async (_what, answer) => {
    expect(await failureOf(answer)).toEqual({ kind: 'malformed_success' });
  });

  test('the error for a malformed success holds no part of the body', async () => {
    const error = (await refresh(() => json(200, { refresh_token: 'the-token' })).catch(
      (thrown: unknown) => thrown,
    )) as Error;
    expect(error).toBeInstanceOf(TokenRequestError);
    expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain('the-token');
  });

  test('an answer cut off by the network is a lost answer', async () => {
    const broken = new ReadableStream({
      pull(controller) {
        controller.error(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
      },
    });
    expect(await failureOf(() => new Response(broken, { status: 200 }))).toEqual({
      kind: 'network_error',
      sent: 'maybe',
    });
  });
});

describe('§5.2 error response', () => {
  test.each<[string, () => Response, object]>([
    [
      "with Zoom's reason",
      () => json(400, { reason: 'Invalid Token!', error: 'invalid_grant' }),
      { kind: 'error_response', status: 400, error: 'invalid_grant', reason: 'dead_token', retryAfter: null },
    ],
    [
      'without a reason',
      () => json(401, { error: 'invalid_client' }),
      { kind: 'error_response', status: 401, error: 'invalid_client', retryAfter: null },
    ],
    [
      'under a status of success',
      () => json(200, { error: 'invalid_grant' }),
      { kind: 'error_response', status: 200, error: 'invalid_grant', retryAfter: null },
    ],
    [
      'with a Retry-After',
      () => json(429, { message: 'Too many requests' }, { 'retry-after': '7' }),
      { kind: 'error_response', status: 429, retryAfter: '7' },
    ],
    [
      'in HTML',
      () => new Response('<html>502</html>', { status: 502, headers: { 'content-type': 'text/html' } }),
      { kind: 'error_response', status: 502, retryAfter: null },
    ],
    [
      'without a body',
      () => new Response(null, { status: 503 }),
      { kind: 'error_response', status: 503, retryAfter: null },
    ],
    [
      'with an error that is no text',
      () => json(400, { error: ['invalid_grant'] }),
      { kind: 'error_response', status: 400, retryAfter: null },
    ],
    [
      'that is a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://zoom.us/' } }),
      { kind: 'error_response', status: 302, retryAfter: null },
    ],
  ])('%s is recognized', async (_what, answer, expected) => {
    expect(await failureOf(answer)).toEqual(expected);
  });

  test('no text of an error is kept', async () => {
    const failure = await failureOf(() => json(400, { error: 'e'.repeat(5_000), reason: 'r'.repeat(5_000) }));
    expect(failure).toEqual({ kind: 'error_response', status: 400, error: 'other', retryAfter: null });
  });
});

test('a request that fails is not repeated', async () => {
  const { client, requests } = oauthClientWith(() => Promise.reject(new TypeError('fetch failed')));
  await expect(client.refreshAccessToken(new Secret('rt-0'))).rejects.toMatchObject({
    failure: { kind: 'network_error', sent: 'maybe' },
  });
  expect(requests).toHaveLength(1);
});
