// arctic's client for Zoom against the sandbox. Its endpoints are constants, so the token requests go through
// `OAuth2Client`, to which that client passes each call unchanged.
import { generateCodeVerifier, generateState, OAuth2Client, OAuth2RequestError, Zoom } from 'arctic';
import {
  describeCodeFlow,
  type LibraryClient,
  type Registration,
  TWO_SCOPES,
} from '../support/library-flow.js';

function arctic({ url, clientId, clientSecret, redirectUri }: Registration): LibraryClient {
  const zoom = new Zoom(clientId, clientSecret, redirectUri);
  const client = new OAuth2Client(clientId, clientSecret, redirectUri);
  const codeVerifier = generateCodeVerifier();
  const exchange = async (callbackUrl: string, verifier: string) => {
    const code = new URL(callbackUrl).searchParams.get('code') ?? '';
    return toTokens(await client.validateAuthorizationCode(`${url}/oauth/token`, code, verifier));
  };
  return {
    authorizationUrl: (scopes = []) => {
      const { search, pathname } = zoom.createAuthorizationURL(generateState(), codeVerifier, [...scopes]);
      return `${url}${pathname}${search}`;
    },
    exchange: (callbackUrl) => exchange(callbackUrl, codeVerifier),
    exchangeWithOtherVerifier: (callbackUrl) => exchange(callbackUrl, generateCodeVerifier()),
    refresh: async (refreshToken) =>
      toTokens(await client.refreshAccessToken(`${url}/oauth/token`, refreshToken, [])),
    revoke: ({ accessToken }) => client.revokeToken(`${url}/oauth/revoke`, accessToken),
    errorCode: (error) => (error instanceof OAuth2RequestError ? error.code : undefined),
  };
}

const toTokens = (tokens: Awaited<ReturnType<OAuth2Client['refreshAccessToken']>>) => {
  expect(tokens.tokenType()).toBe('bearer');
  expect(tokens.accessTokenExpiresInSeconds()).toBe(3599);
  return { accessToken: tokens.accessToken(), refreshToken: tokens.refreshToken() };
};

const { registration } = describeCodeFlow(arctic, { joinsScopesBy: 'space' });

// docs/zoom-protocol.md §1.1
test('several scopes, joined by spaces, end at a page of Zoom with the error 4,700', async () => {
  const authorizationUrl = await arctic(registration()).authorizationUrl(TWO_SCOPES);
  expect(new URL(authorizationUrl).searchParams.get('scope')).toBe(TWO_SCOPES.join(' '));
  const page = await fetch(authorizationUrl, { redirect: 'manual' });
  expect([page.status, page.headers.get('location')]).toEqual([400, null]);
  expect(await page.text()).toContain('(4,700)');
});
