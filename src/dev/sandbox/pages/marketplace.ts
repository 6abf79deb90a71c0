import { type FastifyInstance } from 'fastify';
import { appendParameters, formOf } from '../http/requests.js';
import { type SandboxState } from '../state.js';
import { type SandboxUser } from '../store/users.js';
import { uninstallApp } from '../webhooks/uninstall.js';
import { escapeHtml, htmlPage, SHOWN_USERS, userChooser } from './html.js';

/** `GET /`: says that this is the sandbox, and lists its addresses. */
export function registerStartPage(server: FastifyInstance): void {
  server.get('/', (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(
      htmlPage(
        'Zoom stand-in',
        `<h1>This is a sandbox, not Zoom</h1>
<p>It plays Zoom's OAuth server and REST API for development and tests. Users, meetings and tokens are made up. Real Zoom credentials have no meaning here.</p>
<ul><li><a href="/marketplace">Marketplace</a>: install the app, or remove it from a user</li>
<li><code>GET /oauth/authorize</code>, <code>POST /oauth/token</code>, <code>POST /oauth/revoke</code></li>
<li><code>GET /v2/users/me</code> and its neighbours</li>
<li><code>POST /sandbox/control/&lt;method&gt;</code>: clock, faults, counters, users</li></ul>`,
      ),
    ),
  );
}

/** The Marketplace: installs the app, which reaches the callback with a code but without a state, and removes it. */
export function registerMarketplace(server: FastifyInstance, state: SandboxState): void {
  server.get('/marketplace', (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(htmlPage('Marketplace', marketplaceBody(state))),
  );
  server.post('/marketplace/install', (request, reply) => {
    const user = state.users.find(formOf(request).get('user') ?? '');
    const app = state.apps.userManaged;
    const redirectUri = app.redirectUris[0];
    if (user?.status !== 'active' || !redirectUri) return reply.code(400).send('Choose an active user.');
    const code = state.codes.issue({
      clientId: app.clientId,
      zoomUserId: user.id,
      redirectUri,
      scopes: app.scopes,
      codeChallenge: null,
    });
    return reply.redirect(appendParameters(redirectUri, { code }));
  });
  server.post('/marketplace/remove', async (request, reply) => {
    await uninstallApp(state, state.apps.userManaged, formOf(request).get('user') ?? '');
    return reply.redirect('/marketplace', 303);
  });
}

function marketplaceBody(state: SandboxState): string {
  const users = state.users.list();
  const isInstalled = ({ id }: SandboxUser) => state.grants.findAlive(state.apps.userManaged.clientId, id);
  const installed = users.filter(isInstalled).slice(0, SHOWN_USERS);
  return `<h1>Marketplace</h1>
<form method="post" action="/marketplace/install">
<fieldset><legend>Install the app as</legend>${userChooser(users)}</fieldset>
<button class="primary">Install</button></form>
<h2>Connected apps</h2>${installed.map(removalForm).join('') || '<p class="muted">No user has the app installed.</p>'}`;
}

function removalForm(user: SandboxUser): string {
  return `<form method="post" action="/marketplace/remove"><p>${escapeHtml(user.displayName)}
<button name="user" value="${escapeHtml(user.id)}">Remove</button></p></form>`;
}
