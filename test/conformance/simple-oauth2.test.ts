// simple-oauth2 against the sandbox. Its default paths are Zoom's; it has no PKCE, and `revokeAll` revokes the refresh
// token after the access token has ended the grant.
import { randomUUID } from 'node:crypto';
import library, { type AccessToken } from 'simple-oauth2';
import {
  describeCodeFlow,
  type LibraryClient,
  type LibraryTokens,
  type Registration,
} from '../support/library-flow.js';

function simpleOauth2({ url, clientId, clientSecret, redirectUri }: Registration): LibraryClient {
  const client = new library.AuthorizationCode({
    client: { id: clientId, secret: clientSecret },
    auth: { tokenHost: url },
    options: { scopeSeparator: ',' },
  });
  const restore = ({ accessToken, refreshToken }: LibraryTokens) =>
    client.createToken({ access_token: accessToken, refresh_token: refreshToken });
  return {
    authorizationUrl: (scopes) =>
      client.authorizeURL({
        redirect_uri: redirectUri,
        state: randomUUID(),
        ...(scopes && { scope: [...scopes] }),
      }),
    exchange: async (callbackUrl) => {
      const code = new URL(callbackUrl).searchParams.get('code') ?? '';
      return toTokens(await client.getToken({ code, redirect_uri: redirectUri }));
    },
    refresh: async (refreshToken) => toTokens(await restore({ accessToken: '', refreshToken }).refresh()),
    revoke: (tokens) => restore(tokens).revokeAll(),
    errorCode: (error) => (error as { data?: { payload?: { error?: string } } }).data?.payload?.error,
  };
}

function toTokens(accessToken: AccessToken): LibraryTokens {
  expect([accessToken.expired(), accessToken.expired(3600)]).toEqual([false, true]);
  const { access_token, refresh_token } = accessToken.token;
  return { accessToken: access_token, refreshToken: refresh_token };
}

describeCodeFlow(simpleOauth2, { joinsScopesBy: 'comma' });
