// npm run fuzz -- [--requests N] [--seed S] [--only N]: sends seeded requests to a server in production mode, at /graphql,
// the callback, the webhook and as raw bytes, and looks for what the server must not do. The seed repeats every request
// apart from what only a running server can know; --only sends one of them and shows it with its answer.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
  },
});
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const settings = Object.entries(values).map(([name, value]) => [`FUZZ_${name.toUpperCase()}`, value]);
const run = spawnSync(
  process.execPath,
  ['--experimental-vm-modules', '--no-warnings', jest, 'test/fuzz/fuzz.test.ts', '--runInBand'],
  {
    stdio: 'inherit',
    env: { ...process.env, ...Object.fromEntries(settings) },
  },
);
process.exit(run.status ?? 1);
