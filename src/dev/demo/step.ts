/** One line of what a step prints. */
export type ReportLine = readonly [label: string, value: string | number];

/** One step of the demo. */
export interface Step {
  title: string;
  /** Runs the step and returns what to print. @throws StepFailed when a result is not as expected */
  run: () => Promise<ReportLine[]>;
}

/** A result of a step is not as expected. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

/** @throws StepFailed unless both are equal */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected)
    throw new StepFailed(`${what} should be ${JSON.stringify(expected)}, and is ${JSON.stringify(actual)}`);
}

/** @throws StepFailed when the condition is false */
export function expectThat(what: string, condition: boolean): void {
  if (!condition) throw new StepFailed(what);
}
