import { PassThrough } from 'node:stream';
import { connectSteps } from '../../src/dev/demo/connect-steps.js';
import { disconnectSteps } from '../../src/dev/demo/disconnect-steps.js';
import { meetingSteps } from '../../src/dev/demo/meeting-steps.js';
import { refreshSteps } from '../../src/dev/demo/refresh-steps.js';
import { runSteps } from '../../src/dev/demo/report.js';
import { openStage } from '../../src/dev/demo/stage.js';
import { expectEqual, type Step } from '../../src/dev/demo/step.js';
import { useSteps } from '../../src/dev/demo/use-steps.js';

/** Runs steps; what was printed, and whether all held. */
async function printed(steps: readonly Step[]): Promise<{ held: boolean; text: string }> {
  const out = new PassThrough();
  const held = await runSteps(steps, out as unknown as NodeJS.WriteStream);
  return { held, text: String(out.read()) };
}

test('every step of the demo holds', async () => {
  const stage = await openStage();
  try {
    const parts = [connectSteps, useSteps, meetingSteps, refreshSteps, disconnectSteps];
    const { held, text } = await printed(parts.flatMap((part) => part(stage)));
    expect({ held, text }).toMatchObject({ held: true });
    expect(text.match(/refresh calls at Zoom +1\n/g)).toHaveLength(3);
    expect(stage.log()).toBe('');
  } finally {
    await stage.close();
  }
});

test('a step that does not hold is named, and ends the tour', async () => {
  let reached = false;
  const { held, text } = await printed([
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
  expect(held).toBe(false);
  expect(text).toContain('Step 2 of 3 did not hold: Broken.');
  expect(reached).toBe(false);
  expect(() => {
    expectEqual('the status', 'REVOKED', 'CONNECTED');
  }).toThrow('the status should be "CONNECTED", and is "REVOKED"');
});
