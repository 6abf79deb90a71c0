/** Where a fault strikes; `token` means both `exchange` and `refresh`. */
export type FaultTarget = 'authorize' | 'token' | 'refresh' | 'exchange' | 'revoke' | 'api';

/** How a request fails. */
export type FaultKind = 'drop_answer' | 'reset' | 'delay' | 'status' | 'rate_limited' | 'html' | 'hang';

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
