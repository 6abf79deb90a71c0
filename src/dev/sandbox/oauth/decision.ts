import { type FastifyInstance, type FastifyReply } from 'fastify';
import { htmlPage } from '../pages/page.js';
import { formOf } from '../http/requests.js';
import { type SandboxState } from '../state.js';
import { refuse } from './authorize.js';
import { declineConsent, grantConsent } from './grant-consent.js';
import { writeUserCookie } from './user-cookie.js';

/** `POST /oauth/authorize/decision`: the consent page's form; each page decides once. */
export function registerDecision(server: FastifyInstance, state: SandboxState): void {
  server.post('/oauth/authorize/decision', (request, reply) => decide(state, formOf(request), reply));
}

function decide(state: SandboxState, form: URLSearchParams, reply: FastifyReply) {
  const requestId = form.get('request') ?? '';
  const pending = state.consentRequests.find(requestId);
  if (!pending) return refuse(reply, 'This consent page has expired or was already used.');
  if (form.get('decision') !== 'allow') {
    state.consentRequests.close(requestId);
    state.counters.increment('declines');
    return state.settings.declineRedirects ? reply.redirect(declineConsent(pending)) : stayAtZoom(reply);
  }
  const user = state.users.find(form.get('user') ?? '');
  if (user?.status !== 'active') return refuse(reply, 'Choose an active user.');
  const app = state.apps.find(pending.clientId);
  if (
    state.settings.ownAccountOnly &&
    !app?.published &&
    user.accountId !== state.apps.serverToServer.accountId
  ) {
    return refuse(reply, 'This app is not published: only users of its own account can authorize it.');
  }
  state.consentRequests.close(requestId);
  state.counters.increment('consents');
  writeUserCookie(reply, user.id);
  return reply.redirect(grantConsent(state, pending, user, form.getAll('scope')));
}

function stayAtZoom(reply: FastifyReply) {
  return reply
    .type('text/html; charset=utf-8')
    .send(htmlPage('Declined', '<h1>You declined</h1><p>You may close this window.</p>'));
}
