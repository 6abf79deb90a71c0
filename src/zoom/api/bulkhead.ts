/** `maxWaitMs`: how long work waits for its turn. */
export interface BulkheadLimits {
  maxConcurrent: number;
  maxWaitMs: number;
}

/**
 * Lets only so much work run at once; the rest waits its turn, in order. So a crowd of callers becomes a queue in
 * this process, in place of a crowd of connections that all run out of time together.
 * @see Nygard, Release It!, "Bulkheads"
 */
export class Bulkhead {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly limits: BulkheadLimits) {}

  /** What comes of `work`; undefined when its turn did not come in time: then it was not begun and never will be. */
  async run<T extends object>(work: () => Promise<T>): Promise<T | undefined> {
    if (!(await this.#enter())) return undefined;
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
        clearTimeout(patience);
        resolve(true);
      };
      const patience = setTimeout(() => {
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
