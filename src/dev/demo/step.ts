/** What a step saw: a label and a value, one line each. */
export type Sight = readonly [label: string, value: string | number];

/** One stop of the tour. */
export interface Step {
  title: string;
  /** Does it and tells what it saw. @throws StepFailed when that is not what has to be seen */
  run: () => Promise<Sight[]>;
}

/** What a step saw is not what it has to see. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

/** @throws StepFailed unless both are equal */
export function expectEqual(what: string, seen: unknown, expected: unknown): void {
  if (seen !== expected)
    throw new StepFailed(`${what} should be ${JSON.stringify(expected)}, and is ${JSON.stringify(seen)}`);
}

/** @throws StepFailed unless it holds */
export function expectThat(what: string, holds: boolean): void {
  if (!holds) throw new StepFailed(what);
}
