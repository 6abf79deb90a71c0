/** `maxWaitMs`: how long work waits in the queue, ms. */
export interface BulkheadLimits {
  maxConcurrent: number;
  maxWaitMs: number;
}

/**
 * Limits how much work runs at once; further work waits in a queue. A crowd of callers then becomes a queue in this
 * process, instead of a crowd of connections that all time out together.
 * @see Nygard, Release It!, "Bulkheads"
 */
export class Bulkhead {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** `onTurn` is called when the wait of each piece of work has ended, also when it ended by its timeout. */
  constructor(
    private readonly limits: BulkheadLimits,
    private readonly onTurn?: (waitedMs: number) => void,
  ) {}

  /** Runs `work`. Undefined: the wait in the queue timed out, and the work never begins. */
  async run<T extends object>(work: () => Promise<T>): Promise<T | undefined> {
    const asked = performance.now();
    const entered = await this.#enter();
    this.onTurn?.(performance.now() - asked);
    if (!entered) return undefined;
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<boolean> {
    const { maxConcurrent, maxWaitMs } = this.limits;
    if (this.#running < maxConcurrent) {
      this.#running++;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const begin = () => {
        clearTimeout(timeout);
        resolve(true);
      };
      const timeout = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        resolve(false);
      }, maxWaitMs);
      this.#waiting.push(begin);
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}
