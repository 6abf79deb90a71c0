// npm run chaos -- [--kills N] [--seed S] [--rotation strict,grace] [--arenas N] [--round N]: kills server processes at
// random points of a refresh and compares the books. The seed repeats every choice; --round plays one round of it again
// and again.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rotation: { type: 'string', default: 'strict,grace' },
    arenas: { type: 'string', default: '3' },
    round: { type: 'string' },
  },
});
console.log(`chaos: ${values.kills} kills, seed ${values.seed}, ${values.rotation} rotation`);
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const settings = Object.entries(values).map(([name, value]) => [`CHAOS_${name.toUpperCase()}`, value]);
const run = spawnSync(
  process.execPath,
  ['--experimental-vm-modules', '--no-warnings', jest, 'test/chaos/chaos.test.ts', '--runInBand'],
  {
    stdio: 'inherit',
    env: { ...process.env, ...Object.fromEntries(settings) },
  },
);
process.exit(run.status ?? 1);
