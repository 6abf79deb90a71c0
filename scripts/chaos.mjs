// npm run chaos -- [--kills N] [--seed S] [--rotation strict,grace]: kills server processes at random and compares the books.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rotation: { type: 'string', default: 'strict,grace' },
  },
});
console.log(`chaos: ${values.kills} kills, seed ${values.seed}, ${values.rotation} rotation`);
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const run = spawnSync(process.execPath, [jest, 'test/chaos', '--runInBand'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    CHAOS_KILLS: values.kills,
    CHAOS_SEED: values.seed,
    CHAOS_ROTATION: values.rotation,
  },
});
process.exit(run.status ?? 1);
