// Auth.js and its provider for Zoom against the sandbox. The provider sends an empty `scope` and no `state` (its check
// is PKCE). Auth.js leaves the refresh to the application and cannot revoke.
import { createAuthJs } from '../support/auth-js.mjs';
import {
  describeCodeFlow,
  type LibraryClient,
  type LibraryTokens,
  type Registration,
} from '../support/library-flow.js';

type Cookies = Readonly<Record<string, string>>;

/** A browser at a frontend that signs its users in by Auth.js. */
function authJs(registration: Registration): LibraryClient {
  const base = registration.redirectUri.replace('/callback/zoom', '');
  /** The cookies of the browser after the sign-in began, and after it got each refresh token. */
  let begun: Cookies = {};
  const cookiesWith = new Map<string, Cookies>();
  let last: { failure?: Error; tokens?: LibraryTokens } = {};

  const send = createAuthJs({
    ...registration,
    jwt: async ({ token, account }) => {
      const tokens = account
        ? { accessToken: account.access_token, refreshToken: account.refresh_token }
        : await refreshByGuide(registration, (token['zoom'] as LibraryTokens).refreshToken);
      last = { tokens };
      return { ...token, zoom: tokens };
    },
    onError: (failure) => (last = { failure }),
  });
  const visit = async (path: string, method: string, cookies: Cookies) => {
    const cookie = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
    const request = new Request(`${base}${path}`, { method, headers: { cookie: cookie.join('; ') } });
    const { redirect = '', cookies: set } = await send(request);
    return {
      redirect,
      cookies: { ...cookies, ...Object.fromEntries(set.map((one) => [one.name, one.value])) },
    };
  };
  const signIn = async (scopes?: readonly string[]) => {
    const query = scopes ? `?${new URLSearchParams({ scope: scopes.join(',') }).toString()}` : '';
    const answer = await visit(`/signin/zoom${query}`, 'POST', {});
    begun = answer.cookies;
    return answer.redirect;
  };
  /** A visit that ends with tokens in the session. Auth.js logs some errors in place of throwing them. */
  const visitForTokens = async (path: string, cookies: Cookies) => {
    last = {};
    const answer = await visit(path, 'GET', cookies);
    if (!last.tokens) throw last.failure ?? new Error('Auth.js neither failed nor gave tokens');
    cookiesWith.set(last.tokens.refreshToken, answer.cookies);
    return last.tokens;
  };
  const exchange = (callbackUrl: string) =>
    visitForTokens(`/callback/zoom${new URL(callbackUrl).search}`, begun);
  return {
    authorizationUrl: signIn,
    exchange,
    exchangeWithOtherVerifier: async (callbackUrl) => {
      await signIn();
      return exchange(callbackUrl);
    },
    refresh: (refreshToken) => visitForTokens('/session', cookiesWith.get(refreshToken) ?? {}),
    errorCode: (error) => (error as { cause?: { err?: { error?: string } } }).cause?.err?.error,
  };
}

/** The refresh in the guide of Auth.js to the rotation of refresh tokens: the credentials stand in the body. */
async function refreshByGuide(
  { url, clientId, clientSecret }: Registration,
  refreshToken: string,
): Promise<LibraryTokens> {
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: clientId,
      client_secret: clientSecret,
    }),
  });
  const answer = (await response.json()) as Record<string, string>;
  if (!response.ok) throw Object.assign(new Error('the refresh was refused'), answer);
  const { access_token = '', refresh_token = '' } = answer;
  return { accessToken: access_token, refreshToken: refresh_token };
}

const { registration } = describeCodeFlow(authJs, { joinsScopesBy: 'comma' });

test('its authorization request has an empty scope, which asks for all scopes of the app', async () => {
  const { searchParams } = new URL(await authJs(registration()).authorizationUrl());
  expect([searchParams.get('scope'), searchParams.get('state')]).toEqual(['', null]);
});
