import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { applyFaultBeforeWork } from '../http/faults.js';
import { completeEntry } from '../http/requests.js';
import { type SandboxState } from '../state.js';
import { type Grant } from '../store/grant-store.js';
import { endGrant } from '../webhooks/uninstall.js';
import { authenticateClient, OAuthError, parametersOf } from './client-request.js';

/**
 * `POST /oauth/revoke` (RFC 7009): ends the grant. This also uninstalls the app, so a published app receives
 * `app_deauthorized` for its own revocation.
 */
export function registerRevoke(server: FastifyInstance, state: SandboxState): void {
  server.post('/oauth/revoke', {
    preHandler: (request, reply) => applyFaultBeforeWork(state.faults, 'revoke', request, reply),
    handler: (request) => revoke(state, request),
  });
}

function revoke(state: SandboxState, request: FastifyRequest) {
  const parameters = parametersOf(request);
  const app = authenticateClient(state, request, parameters);
  const token = parameters.get('token');
  if (!token) throw new OAuthError('Missing token', 'invalid_request');
  const grant = findGrant(state, token);
  if (grant?.clientId === app.clientId) {
    completeEntry(request, { grantId: grant.id });
    state.counters.increment('revocations');
    void endGrant(state, app, grant);
  } else if (state.settings.revokeUnknownToken === 'error') {
    throw new OAuthError('Invalid Token!', 'invalid_request');
  }
  return { status: 'success' };
}

/** An expired access token has no grant any more: its revocation succeeds and changes nothing. */
function findGrant(state: SandboxState, token: string): Grant | undefined {
  const access = state.grants.inspectAccessToken(token);
  return access.kind === 'live' ? access.grant : state.grants.findByLiveRefreshToken(token);
}
