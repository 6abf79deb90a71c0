// Compiles src/ to dist/ with tsc. With --if-stale: only when a source is newer than the last build.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'dist', '.built');

function newestSource() {
  const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Math.max(
    ...[...files, join(root, 'tsconfig.json'), join(root, 'package-lock.json')].map(
      (file) => statSync(file).mtimeMs,
    ),
  );
}

const fresh = existsSync(stamp) && statSync(stamp).mtimeMs >= newestSource();
if (process.argv.includes('--if-stale') && fresh) process.exit(0);

const began = performance.now();
process.stdout.write('Compiling src/ to dist/ ... ');
rmSync(join(root, 'dist'), { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const compiled = spawnSync(process.execPath, [tsc, '-p', join(root, 'scripts', 'tsconfig.build.json')], {
  cwd: root,
  stdio: 'inherit',
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
writeFileSync(stamp, '');
console.log(`done in ${((performance.now() - began) / 1000).toFixed(1)} s`);
