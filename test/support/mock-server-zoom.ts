import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import {
  type MutableResponse,
  OAuth2Issuer,
  OAuth2Service,
  type StatusCodeMutableResponse,
  type TokenRequestIncomingMessage,
} from 'oauth2-mock-server';
import { formOf, listenOnLoopback } from './loopback-server.js';
import { GRANTED_SCOPES, type ZoomByOthers } from './zoom-by-others.js';

const ZOOM_PATHS = {
  authorize: '/oauth/authorize',
  token: '/oauth/token',
  revoke: '/oauth/revoke',
  userinfo: '/v2/users/me',
};

/** What the server itself does not keep: the tokens of one user. */
interface Grant {
  userId: string;
  accessToken: string;
}

/** What its revocation endpoint was asked (RFC 7009 §2.1). */
interface RevocationRequest {
  body: { token?: string };
}

/** `oauth2-mock-server` in Zoom's place. */
export interface MockServerZoom extends ZoomByOthers {
  /** How many of its token answers had an `id_token`. */
  idTokens: () => number;
}

/**
 * `oauth2-mock-server` in Zoom's place, on a loopback address. Its tokens are JWTs, and an `id_token` stands beside them.
 * It keeps no tokens, so its events add what a server remembers: which are alive, and whose they are.
 */
export async function startMockServerZoom(): Promise<MockServerZoom> {
  const service = new OAuth2Service(new OAuth2Issuer(), ZOOM_PATHS);
  const grants = new Map<string, Grant>();
  const counts = { codes: 0, refreshes: 0, revocations: 0 };
  let idTokens = 0;
  const findByAccessToken = (accessToken: unknown) =>
    [...grants].find(([, grant]) => grant.accessToken === accessToken);

  service.on('beforeResponse', (answer: MutableResponse, { body }: TokenRequestIncomingMessage) => {
    const { grant_type, refresh_token = '' } = body as { grant_type: string; refresh_token?: string };
    const isRefresh = grant_type === 'refresh_token';
    const userId = isRefresh ? grants.get(refresh_token)?.userId : randomUUID();
    if (userId === undefined || answer.body === '') {
      Object.assign(answer, { statusCode: 400, body: { error: 'invalid_grant' } });
      return;
    }
    if (typeof answer.body['id_token'] === 'string') idTokens += 1;
    answer.body['scope'] = GRANTED_SCOPES.join(' ');
    grants.delete(refresh_token);
    grants.set(String(answer.body['refresh_token']), {
      userId,
      accessToken: String(answer.body['access_token']),
    });
    counts[isRefresh ? 'refreshes' : 'codes'] += 1;
  });
  service.on('beforeUserinfo', (answer: MutableResponse, { headers }: TokenRequestIncomingMessage) => {
    const [, grant] = findByAccessToken(headers.authorization?.replace('Bearer ', '')) ?? [];
    if (!grant) Object.assign(answer, { statusCode: 401, body: { error: 'invalid_token' } });
    else answer.body = { id: grant.userId, email: `${grant.userId}@example.com` };
  });
  service.on('beforeRevoke', (_answer: StatusCodeMutableResponse, request: RevocationRequest) => {
    const [refreshToken] = findByAccessToken(request.body.token) ?? [];
    if (refreshToken !== undefined && grants.delete(refreshToken)) counts.revocations += 1;
  });

  const server = await listenOnLoopback((request, response) => void answer(service, request, response));
  // Not the address that our server knows: who validates the id_token refuses the whole answer.
  service.issuer.url = 'https://issuer.example.com';
  await service.issuer.keys.generate('RS256');
  return {
    ...server,
    counts,
    idTokens: () => idTokens,
    liveGrants: () => grants.size,
    endAccessTokens: () => {
      for (const grant of grants.values()) grant.accessToken = `ended-${randomUUID()}`;
    },
    endGrants: () => {
      grants.clear();
    },
  };
}

/** It does not read the form of a revocation, so that its event would not know the token. */
async function answer(
  service: OAuth2Service,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url === ZOOM_PATHS.revoke) Object.assign(request, { body: await formOf(request) });
  service.requestHandler(request, response);
}
