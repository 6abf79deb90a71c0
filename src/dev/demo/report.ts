import { type WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import { type Sight, type Step, StepFailed } from './step.js';

const LABEL_WIDTH = 22;
const TITLE_WIDTH = 66;
type Format = Parameters<typeof styleText>[0];

/** Runs the steps in order and prints each as it ends. Stops at the first that does not hold; true when all did. */
export async function runSteps(steps: readonly Step[], out: NodeJS.WriteStream): Promise<boolean> {
  const paint = painter(out);
  const began = performance.now();
  for (const [index, { title, run }] of steps.entries()) {
    const heading = `${String(index + 1).padStart(2)}  ${title}`;
    const startedAt = performance.now();
    try {
      const sights = await run();
      const took = `${Math.round(performance.now() - startedAt)} ms`;
      out.write(`${paint('green', '✓')} ${paint('bold', heading.padEnd(TITLE_WIDTH))}${took.padStart(8)}\n`);
      out.write(`${sights.map(line).join('')}\n`);
    } catch (error) {
      const why = error instanceof StepFailed ? error.message : String((error as Error).stack ?? error);
      out.write(`${paint('red', '✗')} ${paint('bold', heading)}\n     ${why}\n\n`);
      out.write(`${paint('red', `Step ${index + 1} of ${steps.length} did not hold: ${title}.`)}\n`);
      return false;
    }
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  out.write(`${paint('green', `All ${steps.length} steps held, in ${seconds} s.`)}\n`);
  return true;
}

function line([label, value]: Sight): string {
  return `     ${label.padEnd(LABEL_WIDTH)}${value}\n`;
}

/** Colours on a terminal that has them and did not ask to go without (NO_COLOR). */
function painter(out: NodeJS.WriteStream) {
  const colours = out.isTTY && (out).hasColors();
  return (format: Format, text: string) => (colours ? styleText(format, text) : text);
}
