import { styleText } from 'node:util';
import { type ReportLine, type Step, StepFailed } from './step.js';

const LABEL_WIDTH = 22;
const TITLE_WIDTH = 66;
type Format = Parameters<typeof styleText>[0];

/** Runs the steps in order and prints each of them. Stops at the first that fails. True when all succeeded. */
export async function runSteps(steps: readonly Step[], out: NodeJS.WriteStream): Promise<boolean> {
  const paint = painter(out);
  const began = performance.now();
  for (const [index, { title, run }] of steps.entries()) {
    const heading = `${String(index + 1).padStart(2)}  ${title}`;
    const startedAt = performance.now();
    try {
      const lines = await run();
      const took = `${Math.round(performance.now() - startedAt)} ms`;
      out.write(`${paint('green', '✓')} ${paint('bold', heading.padEnd(TITLE_WIDTH))}${took.padStart(8)}\n`);
      out.write(`${lines.map(line).join('')}\n`);
    } catch (error) {
      const why = error instanceof StepFailed ? error.message : String((error as Error).stack ?? error);
      out.write(`${paint('red', '✗')} ${paint('bold', heading)}\n     ${why}\n\n`);
      out.write(`${paint('red', `Step ${index + 1} of ${steps.length} failed: ${title}.`)}\n`);
      return false;
    }
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  out.write(`${paint('green', `All ${steps.length} steps succeeded, in ${seconds} s.`)}\n`);
  return true;
}

function line([label, value]: ReportLine): string {
  return `     ${label.padEnd(LABEL_WIDTH)}${value}\n`;
}

/** Colours text on a terminal that supports it, unless NO_COLOR is set. */
function painter(out: NodeJS.WriteStream) {
  const colours = out.isTTY && out.hasColors();
  return (format: Format, text: string) => (colours ? styleText(format, text) : text);
}
