import { type FastifyReply, type FastifyRequest } from 'fastify';
import { pathOf } from './requests.js';

/** The endpoint that a fault affects. `token` means both `exchange` and `refresh`. */
type FaultTarget = 'authorize' | 'token' | 'refresh' | 'exchange' | 'revoke' | 'api';

type FaultKind = 'drop_answer' | 'reset' | 'delay' | 'status' | 'rate_limited' | 'html' | 'hang';

/** A failure to inject into the next matching requests. */
export interface Fault {
  target: FaultTarget;
  kind: FaultKind;
  /** How many requests fail. Default: 1. */
  times?: number;
  /** Only requests whose path starts with this prefix fail. */
  path?: string;
  /** Length of a `delay`, ms. */
  ms?: number;
  /** Whether a `delay` comes before the work (default) or between the work and the answer. */
  hold?: 'work' | 'answer';
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** The header `Retry-After` of `rate_limited`, sent exactly as given. Without it, the header is missing. */
  retryAfter?: string | undefined;
}

const TARGETS: readonly FaultTarget[] = ['authorize', 'token', 'refresh', 'exchange', 'revoke', 'api'];
const KINDS: readonly FaultKind[] = [
  'drop_answer',
  'reset',
  'delay',
  'status',
  'rate_limited',
  'html',
  'hang',
];

/** The injected faults that no request has met yet, oldest first. */
export class FaultQueue {
  private waiting: { fault: Fault; left: number }[] = [];
  private readonly delayed = new Set<() => void>();

  inject(fault: Fault): void {
    if (!TARGETS.includes(fault.target)) throw new Error(`Unknown fault target: ${fault.target}.`);
    if (!KINDS.includes(fault.kind)) throw new Error(`Unknown fault kind: ${fault.kind}.`);
    this.waiting.push({ fault, left: fault.times ?? 1 });
  }

  /** Takes the oldest fault that matches a request and counts the request against `times`. */
  take(target: FaultTarget, path: string): Fault | undefined {
    const entry = this.waiting.find(
      ({ fault }) => covers(fault, target) && path.startsWith(fault.path ?? ''),
    );
    if (!entry) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.waiting = this.waiting.filter((other) => other !== entry);
    return entry.fault;
  }

  /** Resolves after `ms`, or earlier when the faults are cleared. */
  delay(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.delayed.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms).unref();
      this.delayed.add(end);
    });
  }

  /** Removes all faults and ends the delays that are in progress. */
  clear(): void {
    this.waiting = [];
    for (const end of [...this.delayed]) end();
  }
}

function covers(fault: Fault, target: FaultTarget): boolean {
  if (fault.target === target) return true;
  return fault.target === 'token' && (target === 'exchange' || target === 'refresh');
}

const BAD_GATEWAY_PAGE =
  '<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>';

const faultOf = new WeakMap<FastifyRequest, Fault>();

/**
 * Takes the fault that matches a request, if there is one, and applies the part of it that comes before the work.
 * If the reply has been sent when this resolves, the endpoint must do no work.
 */
export async function applyFaultBeforeWork(
  faults: FaultQueue,
  target: FaultTarget,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const fault = faults.take(target, pathOf(request));
  if (!fault) return undefined;
  faultOf.set(request, fault);
  if (fault.kind === 'delay' && fault.hold !== 'answer') await faults.delay(fault.ms ?? 0);
  if (fault.kind === 'reset') {
    reply.hijack();
    request.raw.socket.destroy();
  }
  if (fault.kind === 'status' || fault.kind === 'rate_limited' || fault.kind === 'html') {
    answerInstead(fault, reply);
    // The reply is a promise of the sent answer. If the hook ended before that, Fastify would start the work.
    return reply;
  }
  return undefined;
}

/** Applies the part of a fault that comes after the work: it delays the answer, or withholds it for ever. */
export async function applyFaultBeforeAnswer(
  faults: FaultQueue,
  request: FastifyRequest,
): Promise<'answer' | 'withhold'> {
  const fault = faultOf.get(request);
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
