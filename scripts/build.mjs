// Compiles src/ to dist/ with tsc and web/ to dist/web with Vite. With --if-stale: only what has a newer source.
// Both are devDependencies: an installation without them runs what was built before them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { resolve } = createRequire(import.meta.url);
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
  const compiled = spawnSync(
    process.execPath,
    [resolve('typescript/bin/tsc'), '-p', join(root, 'scripts', 'tsconfig.build.json')],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  if (compiled.status !== 0) process.exit(compiled.status ?? 1);
  writeFileSync(join(dist, '.built'), '');
}

async function buildPages() {
  const vite = await import('vite');
  await vite.build({ configFile: join(root, 'web', 'vite.config.mjs') });
  writeFileSync(join(dist, 'web', '.built'), '');
}

function isInstalled(module) {
  try {
    return Boolean(resolve(module));
  } catch {
    return false;
  }
}

if (isInstalled('typescript')) {
  if (isStale(join(dist, '.built'), ['src', 'tsconfig.json', 'package-lock.json']))
    await timed('Compiling src/ to dist/', compileServer);
  if (isStale(join(dist, 'web', '.built'), ['web', 'package-lock.json']))
    await timed('Building the pages of web/ to dist/web/', buildPages);
} else if (!onlyIfStale || !existsSync(join(dist, '.built'))) {
  console.error('dist/ cannot be built without the devDependencies: run "npm ci && npm run build" first.');
  process.exit(1);
}
