import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { applyFaultBeforeWork } from '../http/faults.js';
import { formOf, queryOf } from '../http/requests.js';
import { escapeHtml, htmlPage, userChooser } from '../pages/html.js';
import { type SandboxState } from '../state.js';
import { type ConsentRequest } from '../store/pending-authorizations.js';
import { type SandboxUser } from '../store/users.js';
import { declineConsent, grantConsent, parseAuthorizationRequest } from './authorization-request.js';

const USER_COOKIE = 'zoom_sandbox_user';

/**
 * `GET /oauth/authorize`: shows the consent page. With `autoApprove`, a user who already granted the same scopes in
 * this browser gets a code without that page.
 */
export function registerAuthorize(server: FastifyInstance, state: SandboxState): void {
  server.get('/oauth/authorize', {
    onRequest: (request, reply) => applyFaultBeforeWork(state.faults, 'authorize', request, reply),
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

/** Shows an error page to the user, without a redirect. */
export function refuse(reply: FastifyReply, message: string): FastifyReply {
  return reply
    .code(400)
    .type('text/html; charset=utf-8')
    .send(htmlPage('Error', `<h1>Something went wrong</h1><p>${escapeHtml(message)}</p>`));
}

/** `POST /oauth/authorize/decision`: receives the form of a consent page. Each page can be used once. */
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

/** The id of the Zoom user who made the last decision in this browser. */
function readUserCookie(request: FastifyRequest): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(/;\s*/);
  return pairs.find((pair) => pair.startsWith(`${USER_COOKIE}=`))?.slice(USER_COOKIE.length + 1);
}

function writeUserCookie(reply: FastifyReply, zoomUserId: string): void {
  void reply.header('set-cookie', `${USER_COOKIE}=${zoomUserId}; Path=/oauth; HttpOnly; SameSite=Lax`);
}

function consentPage(
  requestId: string,
  request: ConsentRequest,
  users: readonly SandboxUser[],
  suggestedUserId: string | undefined,
): string {
  return htmlPage(
    'Authorize app',
    `<h1>An app asks for access to a Zoom account</h1>
<p>Client <code>${escapeHtml(request.clientId)}</code> will return to <code>${escapeHtml(request.redirectUri)}</code>.</p>
<form method="post" action="/oauth/authorize/decision">
<input type="hidden" name="request" value="${requestId}">
<fieldset><legend>Continue as</legend>${userChooser(users, suggestedUserId)}</fieldset>
<h2>It will be able to use</h2>
<ul>${request.requiredScopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join('')}</ul>
${optionalChoices(request.optionalScopes)}
<div class="actions"><button class="primary" name="decision" value="allow">Allow</button>
<button name="decision" value="decline">Decline</button></div>
</form>`,
  );
}

function optionalChoices(scopes: readonly string[]): string {
  if (scopes.length === 0) return '';
  const boxes = scopes.map((scope) => {
    const value = escapeHtml(scope);
    return `<label><input type="checkbox" name="scope" value="${value}" checked> <code>${value}</code></label>`;
  });
  return `<fieldset><legend>Optional</legend>${boxes.join('')}</fieldset>`;
}
