import { connectSteps } from './connect-steps.js';
import { disconnectSteps } from './disconnect-steps.js';
import { meetingSteps } from './meeting-steps.js';
import { refreshSteps } from './refresh-steps.js';
import { runSteps } from './report.js';
import { openStage } from './stage.js';
import { useSteps } from './use-steps.js';

/** A tour of the product over HTTP. Ends with 0 only if every step held. */
async function main(): Promise<void> {
  const stage = await openStage();
  const { url, secondUrl, sandboxUrl } = stage;
  process.stdout.write(
    `\n  Server     ${url}\n  Server 2   ${secondUrl}\n  Sandbox    ${sandboxUrl}  not Zoom\n` +
      '  Database   embedded, in a temporary folder\n\n',
  );
  process.once('SIGINT', () => void stage.close().finally(() => process.exit(130)));
  try {
    const steps = [connectSteps, useSteps, meetingSteps, refreshSteps, disconnectSteps].flatMap((part) =>
      part(stage),
    );
    const held = await runSteps(steps, process.stdout);
    if (!held) process.stderr.write(stage.log());
    process.exitCode = held ? 0 : 1;
  } finally {
    await stage.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String((error as Error).stack ?? error)}\n`);
  process.exit(1);
});
