/**
 * Work that outlives the request that began it and must not be cut off by a shutdown:
 * above all the write of rotated tokens.
 */
export class BackgroundTasks {
  readonly #running = new Set<Promise<unknown>>();
  readonly #onError: (error: unknown) => void;

  /** `onError` learns of a task that rejected; nobody else awaits it. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** How many tasks are running. */
  get size(): number {
    return this.#running.size;
  }

  /** Keeps `task` alive until it settles. Never throws. */
  run(task: Promise<unknown>): void {
    const tracked = task.catch(this.#onError).finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Waits until nothing runs or `timeoutMs` has passed; answers whether everything has ended. */
  async drain(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (this.#running.size > 0) {
      const left = deadline - Date.now();
      if (left <= 0) return false;
      await Promise.race([Promise.allSettled(this.#running), unrefSleep(left)]);
    }
    return true;
  }
}

function unrefSleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
