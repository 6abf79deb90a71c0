import { connectSteps } from './connect-steps.js';
import { disconnectSteps } from './disconnect-steps.js';
import { meetingSteps } from './meeting-steps.js';
import { refreshSteps } from './refresh-steps.js';
import { runSteps } from './report.js';
import { startDemoSystem } from './demo-system.js';
import { useSteps } from './use-steps.js';

/** Shows the product step by step over HTTP. Exit code 0 only if every step succeeded. */
async function main(): Promise<void> {
  const system = await startDemoSystem();
  const { url, secondUrl, sandboxUrl } = system;
  process.stdout.write(
    `\n  Server     ${url}\n  Server 2   ${secondUrl}\n  Sandbox    ${sandboxUrl}  not Zoom\n` +
      '  Database   embedded, in a temporary folder\n\n',
  );
  process.once('SIGINT', () => void system.close().finally(() => process.exit(130)));
  try {
    const steps = [connectSteps, useSteps, meetingSteps, refreshSteps, disconnectSteps].flatMap((part) =>
      part(system),
    );
    const succeeded = await runSteps(steps, process.stdout);
    if (!succeeded) process.stderr.write(system.log());
    process.exitCode = succeeded ? 0 : 1;
  } finally {
    await system.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String((error as Error).stack ?? error)}\n`);
  process.exit(1);
});
