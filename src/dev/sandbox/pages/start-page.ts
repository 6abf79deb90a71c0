import { type FastifyInstance } from 'fastify';
import { htmlPage } from './page.js';

/** `GET /`: says what this is and what can be called. */
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
