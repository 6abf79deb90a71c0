// Compiles src/ to dist/ with tsc and web/ to dist/web with Vite. With --if-stale: only what has a newer source.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const onlyIfStale = process.argv.includes('--if-stale');

function isStale(stamp, sources) {
  if (!onlyIfStale || !existsSync(stamp)) return true;
  const files = sources.flatMap((source) => {
    const path = join(root, source);
    if (statSync(path).isFile()) return [path];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  });
  return Math.max(...files.map((file) => statSync(file).mtimeMs)) > statSync(stamp).mtimeMs;
}

async function timed(what, work) {
  const began = performance.now();
  process.stdout.write(`${what} ... `);
  await work();
  console.log(`done in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

function compileServer() {
  mkdirSync(dist, { recursive: true });
  for (const entry of readdirSync(dist))
    if (entry !== 'web') rmSync(join(dist, entry), { recursive: true, force: true });
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const compiled = spawnSync(process.execPath, [tsc, '-p', join(root, 'scripts', 'tsconfig.build.json')], {
    cwd: root,
    stdio: 'inherit',
  });
  if (compiled.status !== 0) process.exit(compiled.status ?? 1);
  writeFileSync(join(dist, '.built'), '');
}

async function buildPages(vite) {
  await vite.build({ configFile: join(root, 'web', 'vite.config.mjs') });
  writeFileSync(join(dist, 'web', '.built'), '');
}

if (isStale(join(dist, '.built'), ['src', 'tsconfig.json', 'package-lock.json']))
  await timed('Compiling src/ to dist/', compileServer);
if (isStale(join(dist, 'web', '.built'), ['web', 'package-lock.json'])) {
  const vite = await import('vite').catch(() => undefined);
  if (vite) await timed('Building the pages of web/ to dist/web/', () => buildPages(vite));
  else console.log('The pages of web/ are not built: Vite is a devDependency and is not installed.');
}
