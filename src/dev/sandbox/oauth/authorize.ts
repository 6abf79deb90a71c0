import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { consentPage } from '../pages/consent-page.js';
import { escapeHtml, htmlPage } from '../pages/page.js';
import { strikeBeforeWork } from '../http/faults.js';
import { queryOf } from '../http/requests.js';
import { type ConsentRequest } from '../store/pending-authorizations.js';
import { type SandboxState } from '../state.js';
import { type SandboxUser } from '../store/users.js';
import { grantConsent } from './grant-consent.js';
import { parseAuthorizationRequest } from './parse-authorization-request.js';
import { readUserCookie } from './user-cookie.js';

/** `GET /oauth/authorize`: the consent page, or at once a code for a user who is known and granted this before. */
export function registerAuthorize(server: FastifyInstance, state: SandboxState): void {
  server.get('/oauth/authorize', {
    onRequest: (request, reply) => strikeBeforeWork(state.faults, 'authorize', request, reply),
    handler: (request, reply) => authorize(state, request, reply),
  });
}

function authorize(state: SandboxState, request: FastifyRequest, reply: FastifyReply) {
  const parsed = parseAuthorizationRequest(state, queryOf(request));
  if (parsed.kind === 'refused') return refuse(reply, parsed.message);
  if (parsed.kind === 'returned') return reply.redirect(parsed.location);
  state.counters.increment('authorizations');
  const user = state.users.find(readUserCookie(request) ?? '');
  if (user && alreadyGranted(state, parsed.request, user)) {
    return reply.redirect(grantConsent(state, parsed.request, user, parsed.request.optionalScopes));
  }
  const requestId = state.consentRequests.add(parsed.request);
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(consentPage(requestId, parsed.request, state.users.list(), user?.id));
}

function alreadyGranted(state: SandboxState, request: ConsentRequest, user: SandboxUser): boolean {
  const granted = state.grants.findAlive(request.clientId, user.id);
  if (!state.settings.autoApprove || !granted) return false;
  return [...request.requiredScopes, ...request.optionalScopes].every((scope) =>
    granted.scopes.includes(scope),
  );
}

/** Tells the user at Zoom what is wrong with a request; never a redirect. */
export function refuse(reply: FastifyReply, message: string): FastifyReply {
  return reply
    .code(400)
    .type('text/html; charset=utf-8')
    .send(htmlPage('Error', `<h1>Something went wrong</h1><p>${escapeHtml(message)}</p>`));
}
