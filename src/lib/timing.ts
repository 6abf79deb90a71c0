/** Resolves after `ms`. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The value of `promise`, or `late` when it has not settled within `ms`. The promise goes on by itself. */
export async function withPatience<T, L>(promise: Promise<T>, ms: number, late: L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<L>((resolve) => {
    timer = setTimeout(() => resolve(late), ms);
  });
  return Promise.race([promise, patience]).finally(() => clearTimeout(timer));
}

/** The pause after so many failed tries: `first` (ms), doubling with each further one up to `longest`. */
export function doublingPause(first: number, longest: number, tries: number): number {
  return Math.min(first * 2 ** Math.max(0, tries - 1), longest);
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Repeats a write until it lands: tokens that Zoom has issued exist nowhere else. Pauses 50 ms, doubling to 1 s.
 * Ends only with the process, unless `patienceMs` says otherwise: then it rejects as the last try did. `onFailure` is
 * told of each failed try.
 */
export async function untilLanded<T>(
  write: () => Promise<T>,
  onFailure: (error: unknown, tries: number) => void,
  patienceMs = Infinity,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      onFailure(error, tries);
      if (performance.now() > deadline) throw error;
      // defence: write-is-repeated
      await sleep(doublingPause(FIRST_PAUSE_MS, LONGEST_PAUSE_MS, tries));
    }
  }
}
