import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { applyFaultBeforeWork } from '../http/faults.js';
import { completeEntry } from '../http/requests.js';
import { type SandboxState } from '../state.js';
import { type SandboxApp } from '../store/apps.js';
import { type IssuedTokens } from '../store/grant-store.js';
import { type CodeChallenge } from '../store/pending-authorizations.js';
import { type CountedGrantType } from '../store/traffic.js';
import { authenticateClient, invalidToken, OAuthError, parametersOf } from './client-request.js';

type GrantHandler = (state: SandboxState, app: SandboxApp, parameters: URLSearchParams) => IssuedTokens;

const COUNTED = new Map<string, CountedGrantType>([
  ['authorization_code', 'authorizationCode'],
  ['refresh_token', 'refreshToken'],
  ['account_credentials', 'accountCredentials'],
]);

/** `POST /oauth/token` (RFC 6749 §3.2). `GET` is answered with 405. */
export function registerToken(server: FastifyInstance, state: SandboxState): void {
  server.post('/oauth/token', {
    preHandler: (request, reply) => receive(state, request, reply),
    handler: (request, reply) => answer(state, request, reply),
  });
  server.get('/oauth/token', (_request, reply) =>
    reply.code(405).header('allow', 'POST').send({ reason: 'Method Not Allowed', error: 'invalid_request' }),
  );
}

async function receive(state: SandboxState, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const grantType = parametersOf(request).get('grant_type') ?? '';
  const counted = COUNTED.get(grantType);
  if (counted) state.counters.countTokenRequest(counted);
  const target =
    grantType === 'refresh_token' ? 'refresh' : grantType === 'authorization_code' ? 'exchange' : 'token';
  await applyFaultBeforeWork(state.faults, target, request, reply);
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
  // A Server-to-Server app has no users, so it cannot use the other grant types.
  if (app.accountId === undefined && grantType === 'authorization_code') return exchangeCode;
  if (app.accountId === undefined && grantType === 'refresh_token') return refreshTokens;
  throw new OAuthError('unsupported grant type', 'unsupported_grant_type');
}

/** Exchanges a code for the first tokens of a grant (RFC 6749 §4.1.3). An older grant of the user ends. */
function exchangeCode(state: SandboxState, app: SandboxApp, parameters: URLSearchParams): IssuedTokens {
  const code = parameters.get('code') ?? '';
  const authorized = state.codes.peek(code);
  const user = authorized && state.users.find(authorized.zoomUserId);
  if (!authorized || !user || authorized.clientId !== app.clientId) {
    throw new OAuthError('Invalid authorization code', 'invalid_grant');
  }
  if (parameters.get('redirect_uri') !== authorized.redirectUri) {
    throw new OAuthError('Redirect URI mismatch.', 'invalid_request');
  }
  if (!verifierMatches(authorized.codeChallenge, parameters.get('code_verifier'))) {
    if (!state.settings.codeSurvivesWrongVerifier) state.codes.consume(code);
    throw new OAuthError('Invalid code verifier', 'invalid_grant');
  }
  state.codes.consume(code);
  return state.grants.authorize({
    clientId: app.clientId,
    zoomUserId: user.id,
    accountId: user.accountId,
    scopes: authorized.scopes,
  });
}

/**
 * Whether a code verifier matches the challenge. Without a challenge, no verifier is needed.
 * @see RFC 7636 §4.6
 */
export function verifierMatches(challenge: CodeChallenge | null, verifier: string | null): boolean {
  if (challenge === null) return true;
  if (verifier === null) return false;
  const transformed =
    challenge.method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
  return transformed === challenge.value;
}

/** Rotates the tokens of a grant (RFC 6749 §6). */
function refreshTokens(state: SandboxState, app: SandboxApp, parameters: URLSearchParams): IssuedTokens {
  const redemption = state.grants.redeem(parameters.get('refresh_token') ?? '', app.clientId);
  state.counters.countRefresh(redemption.kind, redemption.jti);
  if (redemption.kind === 'rejected') throw invalidToken();
  return redemption.tokens;
}

/** Issues an access token, but no refresh token, to a Server-to-Server app for its own account. */
function issueAccountToken(state: SandboxState, app: SandboxApp, parameters: URLSearchParams): IssuedTokens {
  if (app.accountId === undefined || parameters.get('account_id') !== app.accountId) {
    throw new OAuthError('Bad request', 'invalid_request');
  }
  return state.grants.authorizeApp({ clientId: app.clientId, accountId: app.accountId, scopes: app.scopes });
}

/** The successful answer (RFC 6749 §5.1), with Zoom's own field `api_url`. */
function tokenAnswer(state: SandboxState, tokens: IssuedTokens) {
  return {
    access_token: tokens.accessToken,
    token_type: 'bearer',
    refresh_token: tokens.refreshToken,
    expires_in: 3599,
    scope: tokens.grant.scopes.join(' '),
    api_url: state.settings.omitApiUrl ? undefined : state.baseUrl,
  };
}
