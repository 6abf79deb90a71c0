import fastify, { type FastifyInstance } from 'fastify';
import { registerApiRoutes } from './api/api-routes.js';
import { CONTROL_PREFIX, registerControlRoute } from './control/remote-control.js';
import { type SandboxControl } from './control/sandbox-control.js';
import { applyFaultBeforeAnswer } from './http/faults.js';
import { completeEntry, keepEntry, pathOf } from './http/requests.js';
import { registerOAuthRoutes } from './oauth/oauth-routes.js';
import { registerMarketplace, registerStartPage } from './pages/marketplace.js';
import { type SandboxState } from './state.js';
import { trackingId } from './store/identifiers.js';

/**
 * The HTTP server of the sandbox, not yet listening. It calls `save` before it answers a request that may change the
 * state.
 */
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
  // No `text/plain`: any web page can post it to this server without a CORS preflight, which JSON needs.
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

/**
 * Marks every reply as one of the sandbox, logs every request except those to the control interface, saves the state
 * before the answer, and applies the faults that delay, change or withhold an answer.
 */
function registerTrafficHooks(server: FastifyInstance, state: SandboxState, save: () => void): void {
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ 'x-zm-trackingid': trackingId(), 'x-zoom-sandbox': '1' });
    const path = pathOf(request);
    if (!path.startsWith(CONTROL_PREFIX)) {
      keepEntry(request, state.requestLog.open(state.clock.now(), request.method, path));
    }
    done();
  });
  server.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET') save();
    // The promise of a withheld answer never settles. The request stays open until the client or close() ends it.
    const outcome = await applyFaultBeforeAnswer(state.faults, request, reply, payload);
    if (outcome.kind === 'withhold') return new Promise(() => undefined);
    completeEntry(request, { status: reply.statusCode });
    return outcome.body;
  });
}
