import fastify, { type FastifyInstance } from 'fastify';
import { registerApiRoutes } from '../api/api-routes.js';
import { registerControlRoute } from '../control/control-route.js';
import { type SandboxControl } from '../control/sandbox-control.js';
import { registerOAuthRoutes } from '../oauth/oauth-routes.js';
import { registerMarketplace } from '../pages/marketplace.js';
import { registerStartPage } from '../pages/start-page.js';
import { type SandboxState } from '../state.js';
import { registerTrafficHooks } from './traffic-hooks.js';

/** The HTTP server of the sandbox, not yet listening; `save` is called before a changing request is answered. */
export function createServer(
  state: SandboxState,
  control: SandboxControl,
  save: () => void,
): FastifyInstance {
  const server = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 500 } });
  registerBodyParsers(server);
  registerTrafficHooks(server, state, save);
  registerStartPage(server);
  registerMarketplace(server, state);
  registerOAuthRoutes(server, state);
  registerApiRoutes(server, state);
  registerControlRoute(server, control);
  return server;
}

function registerBodyParsers(server: FastifyInstance): void {
  // A foreign page can post plain text without asking, JSON it cannot.
  server.removeContentTypeParser(['text/plain', 'application/json']);
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(body as string));
    } catch (error) {
      done(Object.assign(error as Error, { statusCode: 400 }));
    }
  });
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, new URLSearchParams(body as string)),
  );
}
