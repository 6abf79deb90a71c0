import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { strikeBeforeWork } from '../http/faults.js';
import { completeEntry, formOf, queryOf } from '../http/requests.js';
import { type CountedGrantType } from '../store/traffic.js';
import { type IssuedTokens } from '../store/grant-store.js';
import { type SandboxApp } from '../store/apps.js';
import { type SandboxState } from '../state.js';
import { issueAccountToken } from './account-credentials-grant.js';
import { exchangeCode } from './authorization-code-grant.js';
import { authenticateClient } from './client-authentication.js';
import { OAuthError } from './oauth-error.js';
import { refreshTokens } from './refresh-token-grant.js';
import { tokenAnswer } from './token-answer.js';

type GrantHandler = (state: SandboxState, app: SandboxApp, parameters: URLSearchParams) => IssuedTokens;

const COUNTED = new Map<string, CountedGrantType>([
  ['authorization_code', 'authorizationCode'],
  ['refresh_token', 'refreshToken'],
  ['account_credentials', 'accountCredentials'],
]);

/** `POST /oauth/token` (RFC 6749 §3.2). Other methods get 405. */
export function registerToken(server: FastifyInstance, state: SandboxState): void {
  server.post('/oauth/token', {
    preHandler: (request, reply) => receive(state, request, reply),
    handler: (request, reply) => answer(state, request, reply),
  });
  server.get('/oauth/token', (_request, reply) =>
    reply.code(405).header('allow', 'POST').send({ reason: 'Method Not Allowed', error: 'invalid_request' }),
  );
}

/** Zoom reads the parameters from the body or the query; the body wins. */
export function parametersOf(request: FastifyRequest): URLSearchParams {
  const parameters = queryOf(request);
  for (const [name, value] of formOf(request)) parameters.set(name, value);
  return parameters;
}

async function receive(state: SandboxState, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const grantType = parametersOf(request).get('grant_type') ?? '';
  const counted = COUNTED.get(grantType);
  if (counted) state.counters.countTokenRequest(counted);
  const target =
    grantType === 'refresh_token' ? 'refresh' : grantType === 'authorization_code' ? 'exchange' : 'token';
  await strikeBeforeWork(state.faults, target, request, reply);
  if (!reply.sent && state.settings.tokenLatencyMs > 0) await sleep(state.settings.tokenLatencyMs);
}

function answer(state: SandboxState, request: FastifyRequest, reply: FastifyReply) {
  const parameters = parametersOf(request);
  const app = authenticateClient(state, request, parameters);
  const tokens = grantHandler(app, parameters.get('grant_type'))(state, app, parameters);
  completeEntry(request, { grantId: tokens.grant.id });
  return reply.header('cache-control', 'no-store').send(tokenAnswer(state, tokens));
}

function grantHandler(app: SandboxApp, grantType: string | null): GrantHandler {
  if (!grantType) throw new OAuthError('Missing grant type.', 'invalid_request');
  if (grantType === 'account_credentials') return issueAccountToken;
  // A Server-to-Server app knows no users, so no other grant is open to it.
  if (app.accountId === undefined && grantType === 'authorization_code') return exchangeCode;
  if (app.accountId === undefined && grantType === 'refresh_token') return refreshTokens;
  throw new OAuthError('unsupported grant type', 'unsupported_grant_type');
}
