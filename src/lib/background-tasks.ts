import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Tracks work that may outlive the request that began it, so that a shutdown can wait for it. The most important is the
 * write of rotated tokens.
 */
export class BackgroundTasks {
  readonly #running = new Set<Promise<unknown>>();
  readonly #onError: (error: unknown) => void;

  /** `onError` receives what a task rejects with; nothing else awaits the task. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** How many tasks are running. */
  get size(): number {
    return this.#running.size;
  }

  /** Tracks `task` until it settles. Never throws. */
  run(task: Promise<unknown>): void {
    const tracked = task.catch(this.#onError).finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Waits until nothing runs or `timeoutMs` has passed. Resolves with whether all tasks have ended. */
  async drain(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (this.#running.size > 0) {
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await Promise.race([Promise.allSettled(this.#running), sleep(left, undefined, { ref: false })]);
    }
    return true;
  }
}
