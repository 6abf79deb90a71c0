import { type FastifyReply, type FastifyRequest } from 'fastify';
import { namedAnswer } from './named-answers.js';
import { keepsWork, type PreparedAnswer, putAnswer } from './prepared-answer.js';
import { pathOf } from './requests.js';

const TARGETS = ['authorize', 'token', 'refresh', 'exchange', 'revoke', 'api'] as const;
const KINDS = [
  'drop_answer',
  'reset',
  'delay',
  'status',
  'rate_limited',
  'html',
  'hang',
  'answer',
  'named',
] as const;

/** The endpoint that a fault affects. `token` means both `exchange` and `refresh`. */
export type FaultTarget = (typeof TARGETS)[number];

/** A failure to inject into the next matching requests. The kind `answer` takes every part of a prepared answer. */
export interface Fault extends PreparedAnswer {
  target: FaultTarget;
  kind: (typeof KINDS)[number];
  /** How many requests fail. Default: 1. */
  times?: number;
  /** Only requests whose path starts with this prefix fail. */
  path?: string;
  /** Only requests with this method fail. */
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Length of a `delay`, ms. */
  ms?: number;
  /** Whether a `delay` comes before the work (default) or between the work and the answer. */
  hold?: 'work' | 'answer';
  /** The header `Retry-After` of `rate_limited`, sent exactly as given. Without it, the header is missing. */
  retryAfter?: string | undefined;
  /** The answer of the kind `named`: one of `namedAnswers()`. */
  name?: string;
}

/** The injected faults that no request has met yet, oldest first. */
export class FaultQueue {
  private waiting: { fault: Fault; left: number }[] = [];
  private readonly delayed = new Set<() => void>();

  /** Queues a fault. Throws if its target, kind or name is unknown. */
  inject(fault: Fault): void {
    const resolved =
      fault.kind === 'named' ? { ...namedAnswer(fault.name), ...fault, kind: 'answer' as const } : fault;
    if (!TARGETS.includes(resolved.target)) throw new Error(`Unknown fault target: ${resolved.target}.`);
    if (!KINDS.includes(resolved.kind)) throw new Error(`Unknown fault kind: ${resolved.kind}.`);
    this.waiting.push({ fault: resolved, left: fault.times ?? 1 });
  }

  /** Takes the oldest fault that matches a request and counts the request against `times`. */
  take(target: FaultTarget, path: string, method: string): Fault | undefined {
    const entry = this.waiting.find(
      ({ fault }) =>
        covers(fault, target) &&
        path.startsWith(fault.path ?? '') &&
        (fault.method === undefined || fault.method === method),
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
  const fault = faults.take(target, pathOf(request), request.method);
  if (!fault) return undefined;
  faultOf.set(request, fault);
  if (fault.kind === 'delay' && fault.hold !== 'answer') await faults.delay(fault.ms ?? 0);
  if (fault.kind === 'reset') {
    reply.hijack();
    request.raw.socket.destroy();
  }
  const answer = answerOf(fault);
  if (answer && !keepsWork(answer)) {
    void reply.send('');
    // The reply is a promise of the sent answer. If the hook ended before that, Fastify would start the work.
    return reply;
  }
  return undefined;
}

/** What is sent: the real answer or another body. `withhold`: nothing, for ever. */
type Outcome = { kind: 'send'; body: unknown } | { kind: 'withhold' };

/** Applies the part of a fault that comes after the work: it delays, replaces, changes or withholds the answer. */
export async function applyFaultBeforeAnswer(
  faults: FaultQueue,
  request: FastifyRequest,
  reply: FastifyReply,
  realBody: unknown,
): Promise<Outcome> {
  const fault = faultOf.get(request);
  if (fault?.kind === 'delay' && fault.hold === 'answer') await faults.delay(fault.ms ?? 0);
  if (fault?.kind === 'drop_answer') request.raw.socket.destroy();
  if (fault?.kind === 'drop_answer' || fault?.kind === 'hang') return { kind: 'withhold' };
  const answer = fault && answerOf(fault);
  return { kind: 'send', body: answer ? putAnswer(answer, reply, realBody) : realBody };
}

function answerOf(fault: Fault): PreparedAnswer | undefined {
  if (fault.kind === 'answer') return fault;
  if (fault.kind === 'html') {
    const contentType = 'text/html; charset=utf-8';
    return { ...fault, status: fault.status ?? 502, contentType, body: fault.body ?? BAD_GATEWAY_PAGE };
  }
  if (fault.kind === 'rate_limited') {
    const retryAfter: Record<string, string> =
      fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
    const body = fault.body ?? { code: 429, message: 'Too many requests' };
    return { status: fault.status ?? 429, headers: { ...fault.headers, ...retryAfter }, body };
  }
  if (fault.kind !== 'status') return undefined;
  const { status = 500 } = fault;
  return { ...fault, status, body: fault.body ?? { code: status, message: 'Injected fault.' } };
}
