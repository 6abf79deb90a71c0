import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Fault, type FaultQueue, type FaultTarget } from '../store/fault-queue.js';
import { pathOf } from './request-context.js';

const BAD_GATEWAY_PAGE =
  '<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>';

const struck = new WeakMap<FastifyRequest, Fault>();

/** Takes the fault that waits for this request, if any, and does what belongs before the work. Sent: no work follows. */
export async function strikeBeforeWork(
  faults: FaultQueue,
  target: FaultTarget,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const fault = faults.take(target, pathOf(request));
  if (!fault) return undefined;
  struck.set(request, fault);
  if (fault.kind === 'delay' && fault.hold !== 'answer') await faults.delay(fault.ms ?? 0);
  if (fault.kind === 'reset') {
    reply.hijack();
    request.raw.socket.destroy();
  }
  if (fault.kind === 'status' || fault.kind === 'rate_limited' || fault.kind === 'html') {
    answerInstead(fault, reply);
    // Settles once the answer is out: a hook that ends earlier would let the work begin.
    return reply;
  }
  return undefined;
}

/** Withholds or holds back an answer whose work is done; the counterpart of `strikeBeforeWork`. */
export async function strikeBeforeAnswer(
  faults: FaultQueue,
  request: FastifyRequest,
): Promise<'answer' | 'withhold'> {
  const fault = struck.get(request);
  if (fault?.kind === 'delay' && fault.hold === 'answer') await faults.delay(fault.ms ?? 0);
  if (fault?.kind === 'drop_answer') {
    request.raw.socket.destroy();
    return 'withhold';
  }
  return fault?.kind === 'hang' ? 'withhold' : 'answer';
}

function answerInstead(fault: Fault, reply: FastifyReply): void {
  void reply.headers(fault.headers ?? {});
  if (fault.kind === 'html') {
    void reply
      .code(fault.status ?? 502)
      .type('text/html; charset=utf-8')
      .send(fault.body ?? BAD_GATEWAY_PAGE);
  } else if (fault.kind === 'rate_limited') {
    if (fault.retryAfter !== undefined) void reply.header('retry-after', fault.retryAfter);
    void reply.code(fault.status ?? 429).send(fault.body ?? { code: 429, message: 'Too many requests' });
  } else {
    void reply
      .code(fault.status ?? 500)
      .send(fault.body ?? { code: fault.status ?? 500, message: 'Injected fault.' });
  }
}
