import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { connectSteps } from '../../src/dev/demo/connect-steps.js';
import { disconnectSteps } from '../../src/dev/demo/disconnect-steps.js';
import { meetingSteps } from '../../src/dev/demo/meeting-steps.js';
import { refreshSteps } from '../../src/dev/demo/refresh-steps.js';
import { runSteps } from '../../src/dev/demo/report.js';
import { startDemoSystem } from '../../src/dev/demo/demo-system.js';
import { expectEqual, type Step } from '../../src/dev/demo/step.js';
import { useSteps } from '../../src/dev/demo/use-steps.js';

/** Runs steps. Returns what was printed, and whether all succeeded. */
async function printed(steps: readonly Step[]): Promise<{ succeeded: boolean; text: string }> {
  const out = new PassThrough();
  const succeeded = await runSteps(steps, out as unknown as NodeJS.WriteStream);
  out.end();
  return { succeeded, text: await text(out) };
}

test('every step of the demo succeeds', async () => {
  const system = await startDemoSystem();
  try {
    const parts = [connectSteps, useSteps, meetingSteps, refreshSteps, disconnectSteps];
    const { succeeded, text } = await printed(parts.flatMap((part) => part(system)));
    expect({ succeeded, text }).toMatchObject({ succeeded: true });
    expect(text.match(/refresh calls at Zoom +1\n/g)).toHaveLength(3);
    expect(system.log()).toBe('');
  } finally {
    await system.close();
  }
});

test('a step that fails is named and ends the demo', async () => {
  let reached = false;
  const { succeeded, text } = await printed([
    { title: 'Fine', run: () => Promise.resolve([['seen', 1]]) },
    { title: 'Broken', run: () => Promise.reject(new Error('no answer')) },
    {
      title: 'Not reached',
      run: () => {
        reached = true;
        return Promise.resolve([]);
      },
    },
  ]);
  expect(succeeded).toBe(false);
  expect(text).toContain('Step 2 of 3 failed: Broken.');
  expect(reached).toBe(false);
  expect(() => {
    expectEqual('the status', 'REVOKED', 'CONNECTED');
  }).toThrow('the status should be "CONNECTED", and is "REVOKED"');
});
