import { type FastifyInstance } from 'fastify';
import { trackingId } from '../store/identifiers.js';
import { type SandboxState } from '../state.js';
import { CONTROL_PREFIX } from '../control/control-route.js';
import { strikeBeforeAnswer } from './faults.js';
import { completeEntry, keepEntry, pathOf } from './request-context.js';

/**
 * Marks every reply as the sandbox's, logs every request but the control's, saves what a request changed before it is
 * answered, and withholds answers that a fault took.
 */
export function registerTrafficHooks(server: FastifyInstance, state: SandboxState, save: () => void): void {
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
    // The promise of a withheld answer never settles: the request stays open until the client or close() ends it.
    if ((await strikeBeforeAnswer(state.faults, request)) === 'withhold') await new Promise(() => undefined);
    completeEntry(request, { status: reply.statusCode });
    return payload;
  });
}
