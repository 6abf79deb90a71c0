import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import OAuth2Server, {
  type AuthorizationCode,
  type AuthorizationCodeModel,
  type RefreshTokenModel,
  type Token,
} from '@node-oauth/oauth2-server';
import { formOf, listenOnLoopback } from './loopback-server.js';
import { GRANTED_SCOPES, type RegisteredApp, type ZoomByOthers } from './zoom-by-others.js';

/** `@node-oauth/oauth2-server` in Zoom's place. */
export interface NodeOauthZoom extends ZoomByOthers {
  /** It knows the app by another secret from now on. */
  changeSecret: (clientSecret: string) => void;
}

/** What its model stores: codes by their value, tokens by their refresh token. */
interface Store {
  secret: string;
  codes: Map<string, AuthorizationCode>;
  tokens: Map<string, Token>;
}

type Routes = Record<string, (request: OAuth2Server.Request, response: OAuth2Server.Response) => unknown>;

/**
 * Starts it on a loopback address. Every visitor of the authorization endpoint is a new user who consents, unless the
 * query has the library's `allowed=false`. It wants PKCE and rotates refresh tokens.
 */
export async function startNodeOauthZoom(app: RegisteredApp): Promise<NodeOauthZoom> {
  const store: Store = { secret: app.clientSecret, codes: new Map(), tokens: new Map() };
  const counts = { codes: 0, refreshes: 0, revocations: 0 };
  const model = modelOf(app, store);
  const oauth = new OAuth2Server({ model, accessTokenLifetime: 3600 });
  const routes: Record<string, (request: OAuth2Server.Request, response: OAuth2Server.Response) => unknown> =
    {
      'GET /oauth/authorize': (request, response) =>
        oauth.authorize(request, response, { authenticateHandler: { handle: () => ({ id: randomUUID() }) } }),
      'POST /oauth/token': async (request, response) => {
        await oauth.token(request, response);
        counts[request.body.grant_type === 'refresh_token' ? 'refreshes' : 'codes'] += 1;
      },
      // The library leaves revocation to the application.
      'POST /oauth/revoke': async (request) => {
        const [, id = '', secret = ''] = /^([^:]*):(.*)$/.exec(basicOf(request)) ?? [];
        if (!(await model.getClient(id, secret))) throw new OAuth2Server.InvalidClientError('unknown client');
        const revoked = [...store.tokens.values()].find(
          ({ accessToken }) => accessToken === request.body.token,
        );
        if (revoked && (await model.revokeToken(revoked as OAuth2Server.RefreshToken)))
          counts.revocations += 1;
      },
      'GET /v2/users/me': async (request, response) => {
        const { user } = await oauth.authenticate(request, response);
        response.body = { id: user['id'], email: `${user['id'] as string}@example.com`, type: 1 };
      },
    };
  const server = await listenOnLoopback((request, response) => void answer(routes, request, response));
  return {
    ...server,
    counts,
    liveGrants: () => store.tokens.size,
    endAccessTokens: () => {
      for (const token of store.tokens.values()) token.accessToken = `ended-${randomUUID()}`;
    },
    endGrants: () => {
      store.tokens.clear();
    },
    changeSecret: (clientSecret) => {
      store.secret = clientSecret;
    },
  };
}

function modelOf(app: RegisteredApp, store: Store): AuthorizationCodeModel & RefreshTokenModel {
  const client = {
    id: app.clientId,
    redirectUris: [app.redirectUri],
    grants: ['authorization_code', 'refresh_token'],
  };
  return {
    // The authorization endpoint asks without a secret.
    getClient: async (id, secret: string | null) =>
      id === client.id && (secret === null || secret === store.secret) && client,
    validateScope: async (_user, _client, scope) => scope ?? GRANTED_SCOPES,
    saveAuthorizationCode: async (code, _client, user) => {
      if (code.codeChallengeMethod !== 'S256')
        throw new OAuth2Server.InvalidRequestError('PKCE with S256 is required');
      const saved = { ...code, client, user };
      store.codes.set(code.authorizationCode, saved);
      return saved;
    },
    getAuthorizationCode: async (value) => store.codes.get(value),
    revokeAuthorizationCode: async ({ authorizationCode }) => store.codes.delete(authorizationCode),
    saveToken: async (token, _client, user) => {
      const saved = { ...token, client, user };
      store.tokens.set(token.refreshToken ?? '', saved);
      return saved;
    },
    getAccessToken: async (value) =>
      [...store.tokens.values()].find(({ accessToken }) => accessToken === value),
    getRefreshToken: async (value) => store.tokens.get(value) as OAuth2Server.RefreshToken | undefined,
    revokeToken: async ({ refreshToken }) => store.tokens.delete(refreshToken),
  };
}

function basicOf(request: OAuth2Server.Request): string {
  const [, credentials = ''] = String(request.get('authorization') ?? '').split(' ');
  return Buffer.from(credentials, 'base64').toString();
}

async function answer(routes: Routes, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(incoming.url ?? '', 'http://127.0.0.1');
  const request = new OAuth2Server.Request({
    headers: incoming.headers as Record<string, string>,
    method: incoming.method ?? '',
    query: Object.fromEntries(searchParams),
    body: await formOf(incoming),
  });
  const response = new OAuth2Server.Response();
  try {
    await routes[`${request.method ?? ''} ${pathname}`]?.(request, response);
  } catch (error) {
    const { code, name, message } = error as OAuth2Server.OAuthError;
    // An error of the authorization endpoint is a redirect already.
    if (!response.get('location')) response.status = code;
    response.body = { error: name, error_description: message };
  }
  outgoing.writeHead(response.status ?? 200, { 'content-type': 'application/json', ...response.headers });
  outgoing.end(JSON.stringify(response.body));
}
