import { type FastifyReply, type FastifyRequest } from 'fastify';
import { pathOf } from './requests.js';

/** Where a fault strikes; `token` means both `exchange` and `refresh`. */
type FaultTarget = 'authorize' | 'token' | 'refresh' | 'exchange' | 'revoke' | 'api';

/** How a request fails. */
type FaultKind = 'drop_answer' | 'reset' | 'delay' | 'status' | 'rate_limited' | 'html' | 'hang';

/** A failure to be injected into the next matching requests. */
export interface Fault {
  target: FaultTarget;
  kind: FaultKind;
  /** How many requests it strikes; default 1. */
  times?: number;
  /** Prefix of the paths it strikes. */
  path?: string;
  /** Length of a `delay`. */
  ms?: number;
  /** Whether a `delay` holds back the work (default) or only the answer. */
  hold?: 'work' | 'answer';
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Verbatim `Retry-After` of `rate_limited`; none when absent. */
  retryAfter?: string;
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

/** Faults waiting for their request, oldest first. */
export class FaultQueue {
  private waiting: { fault: Fault; left: number }[] = [];
  private readonly delayed = new Set<() => void>();

  inject(fault: Fault): void {
    if (!TARGETS.includes(fault.target)) throw new Error(`Unknown fault target: ${String(fault.target)}.`);
    if (!KINDS.includes(fault.kind)) throw new Error(`Unknown fault kind: ${String(fault.kind)}.`);
    this.waiting.push({ fault, left: fault.times ?? 1 });
  }

  /** The fault that strikes this request, used up by one. */
  take(target: FaultTarget, path: string): Fault | undefined {
    const entry = this.waiting.find(
      ({ fault }) => covers(fault, target) && path.startsWith(fault.path ?? ''),
    );
    if (!entry) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.waiting = this.waiting.filter((other) => other !== entry);
    return entry.fault;
  }

  /** Resolves after `ms`, or once the faults are cleared. */
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

  /** Drops what waits for its request, and ends the delays under way. */
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
