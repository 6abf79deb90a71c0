import fc from 'fast-check';
import { type OnOddity } from '../../../src/lib/oddities.js';
import { Secret } from '../../../src/lib/secret.js';
import { AccountCredentialsClient } from '../../../src/oauth/account-credentials-client.js';
import { TokenRequestError } from '../../../src/oauth/token-request-error.js';
import { parseTokenResponse, type TokenResponse } from '../../../src/oauth/token-response.js';
import { json, oauthClientWith } from '../../support/recorded-requests.js';

const TOKENS = {
  access_token: 'at-1',
  token_type: 'bearer',
  refresh_token: 'rt-1',
  expires_in: 3599,
  scope: 'a b',
  api_url: 'https://api-eu.zoom.us',
};

const parse = (body: unknown, onOddity?: OnOddity) => parseTokenResponse(json(200, body), 'token', onOddity);

/** The three requests that bring tokens, each answered by `response`. */
const REQUESTS: [string, (response: () => Response) => Promise<TokenResponse>][] = [
  [
    'the code exchange',
    (response) =>
      oauthClientWith(response).client.exchangeAuthorizationCode({
        query: new URLSearchParams({ code: 'c', state: 's' }),
        state: 's',
        codeVerifier: new Secret('v'.repeat(43)),
      }),
  ],
  ['a refresh', (response) => oauthClientWith(response).client.refreshAccessToken(new Secret('rt-0'))],
  [
    "the app's own token",
    (response) =>
      new AccountCredentialsClient(
        {
          baseUrl: 'https://zoom.us',
          accountId: 'account',
          clientId: 'client',
          clientSecret: new Secret('secret'),
          timeoutMs: 1_000,
        },
        () => Promise.resolve(response()),
      ).requestAccessToken(),
  ],
];

/** What a member may hold in the place of what is documented. */
const ODD_VALUES: [string, unknown][] = [
  ['null', null],
  ['an empty text', ''],
  ['white space', ' \n'],
  ['a text', 'text'],
  ['a number', 7],
  ['the digits of a number', '7'],
  ['zero', 0],
  ['a negative number', -1],
  ['a number beyond all sense', 1e308],
  ['true', true],
  ['an empty list', []],
  ['a list of objects', [{}]],
  ['an empty object', {}],
  ['an object in an object', { value: { value: null } }],
];
const OPTIONAL = ['token_type', 'refresh_token', 'expires_in', 'scope', 'api_url', 'id_token', 'anything'];

describe.each(REQUESTS)('%s', (_request, ask) => {
  test.each(OPTIONAL.flatMap((name) => ODD_VALUES.map(([what, value]) => [name, what, value] as const)))(
    'keeps the access token when %s is %s',
    async (name, _what, value) => {
      const answer = await ask(() => json(200, { ...TOKENS, [name]: value }));
      expect(answer.accessToken.reveal()).toBe('at-1');
      if (name !== 'refresh_token') expect(answer.refreshToken?.reveal()).toBe('rt-1');
      expect(answer.expiresInSeconds).toBeGreaterThanOrEqual(1);
      expect(answer.expiresInSeconds).toBeLessThanOrEqual(86_400);
    },
  );

  test.each(OPTIONAL)('keeps the access token without %s', async (name) => {
    const answer = await ask(() => json(200, { ...TOKENS, [name]: undefined }));
    expect(answer.accessToken.reveal()).toBe('at-1');
  });

  test.each([200, 201, 202, 203, 206, 299])('takes tokens under status %i', async (status) => {
    const answer = await ask(() => json(status, TOKENS));
    expect([answer.accessToken.reveal(), answer.refreshToken?.reveal()]).toEqual(['at-1', 'rt-1']);
  });

  test('takes nothing but an access token', async () => {
    const answer = await ask(() => json(200, { access_token: 'at-1' }));
    expect(answer).toMatchObject({ refreshToken: undefined, expiresInSeconds: 3600, scopes: [] });
  });

  test.each<[string, () => Response]>([
    ['a byte order mark', () => new Response(`\uFEFF${JSON.stringify(TOKENS)}`)],
    ['no content type', () => new Response(Buffer.from(JSON.stringify(TOKENS)))],
    [
      'the content type of HTML',
      () => new Response(JSON.stringify(TOKENS), { headers: { 'content-type': 'text/html' } }),
    ],
  ])('reads JSON with %s', async (_what, response) => {
    expect((await ask(response)).refreshToken?.reveal()).toBe('rt-1');
  });

  test.each<[string, unknown]>([
    ['no member', {}],
    ['null', { access_token: null }],
    ['an empty text', { access_token: '' }],
    ['white space', { access_token: ' ' }],
    ['a number', { access_token: 7 }],
    ['a list', { access_token: ['at-1'] }],
  ])('is a malformed success when the access token is %s', async (_what, change) => {
    const body = { ...TOKENS, access_token: undefined, ...(change as object) };
    const error: unknown = await ask(() => json(200, body)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ failure: { kind: 'malformed_success' } });
  });
});

test.each([
  [undefined, []],
  ['a b', ['a', 'b']],
  [' a,  b, ', ['a', 'b']],
  ['a\nb\tc\r\nd\u00a0e', ['a', 'b', 'c', 'd', 'e']],
  ['a a', ['a']],
  [
    ['a', 'b c', 'd,e'],
    ['a', 'b', 'c', 'd', 'e'],
  ],
  [['a', 7, null, ['b'], { c: 'd' }], ['a']],
  [{ 0: 'a' }, []],
])('the scopes of %j are %j', async (scope, scopes) => {
  expect(await parse({ ...TOKENS, scope })).toMatchObject({ scopes });
});

test.each([
  [3599, 3599],
  ['3599', 3599],
  [' 3599 ', 3599],
  ['3599.9', 3599],
  [60.5, 60],
  [86_400, 86_400],
  [86_401, 3600],
  [3_599_000, 3600],
  [1e12, 3600],
  [0.5, 3600],
  [0, 3600],
  [-3600, 3600],
  ['1h', 3600],
  ['0x10', 3600],
  ['2026-01-15T13:00:00Z', 3600],
  [true, 3600],
])('a lifetime of %j is one of %i seconds', async (expires_in, seconds) => {
  expect(await parse({ ...TOKENS, expires_in })).toMatchObject({ expiresInSeconds: seconds });
});

test.each([7, null, {}, 'https://evil.example', 'http://api.zoom.us'])(
  'the API URL %j is none',
  async (api_url) => {
    expect((await parse({ ...TOKENS, api_url })).apiUrl).toBeUndefined();
  },
);

test('what is odd is reported by name, and never by value', async () => {
  const odd: unknown[] = [];
  const body = { ...TOKENS, token_type: 'mac', refresh_token: 5, expires_in: null, scope: {}, api_url: [] };
  await parse({ ...body, id_token: 'unknown' }, (oddity) => odd.push(oddity));
  expect(odd).toEqual(
    ['token_type', 'refresh_token', 'api_url', 'expires_in', 'scope'].map((field) => ({
      answer: 'token',
      field,
    })),
  );
});

test.each<[string, object]>([
  ['a full answer', TOKENS],
  ['an answer of the least', { access_token: 'at-1' }],
  ['the type in capitals', { ...TOKENS, token_type: 'Bearer' }],
  ['digits for a lifetime', { ...TOKENS, expires_in: '3599' }],
  ['a list of scopes', { ...TOKENS, scope: ['a'] }],
  ['unknown members', { ...TOKENS, id_token: null, user: {} }],
])('%s has nothing odd', async (_what, body) => {
  const odd: unknown[] = [];
  await parse(body, (oddity) => odd.push(oddity));
  expect(odd).toEqual([]);
});

const anyAnswer = fc.dictionary(
  fc.oneof(fc.constantFrom(...OPTIONAL, 'error', 'reason', 'code'), fc.string()),
  fc.jsonValue(),
);

test('whatever else an answer holds, an access token is never lost, nor a refresh token that is a text', async () => {
  const refreshTokens = fc.option(fc.string({ minLength: 1 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(anyAnswer, refreshTokens, async (rest, refreshToken) => {
      const body = { ...rest, access_token: 'at-1', ...(refreshToken && { refresh_token: refreshToken }) };
      const answer = await parse(body);
      expect(answer.accessToken.reveal()).toBe('at-1');
      if (refreshToken?.trim()) expect(answer.refreshToken?.reveal()).toBe(refreshToken);
      expect(Number.isSafeInteger(answer.expiresInSeconds)).toBe(true);
    }),
  );
});

test('whatever a body holds, it is an answer or a TokenRequestError', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.json(), fc.string()),
      fc.integer({ min: 200, max: 599 }),
      async (text, status) => {
        const body = [204, 205, 304].includes(status) ? null : text;
        const result: unknown = await parseTokenResponse(
          new Response(body, { status }),
          'token',
          undefined,
        ).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toBeInstanceOf(TokenRequestError);
      },
    ),
  );
});
