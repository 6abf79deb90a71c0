import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `condition` holds; fails after `timeoutMs`. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline;) {
    if (await condition()) return;
    await sleep(20);
  }
  throw new Error(`the condition did not come true within ${timeoutMs} ms`);
}
