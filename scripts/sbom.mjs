// npm run sbom: writes the bill of materials of a production install in the format CycloneDX, from the lock file.
// `npm sbom --omit dev` also leaves out what both production and development need, so this takes the whole list of npm and
// keeps what the lock file does not call development.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = 'node_modules/';
const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));

const args = ['sbom', '--loglevel', 'error', '--sbom-format', 'cyclonedx', '--package-lock-only'];
const bom = JSON.parse(execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 27 }));

const refOf = ([path, { version }]) => `${path.slice(path.lastIndexOf(FOLDER) + FOLDER.length)}@${version}`;
const production = new Set(Object.entries(packages).flatMap((entry) => (entry[1].dev ? [] : [refOf(entry)])));
const components = bom.components.filter(({ 'bom-ref': ref }) => production.has(ref));
const kept = new Set([bom.metadata.component, ...components].map((component) => component['bom-ref']));
const dependencies = bom.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
process.stdout.write(`${JSON.stringify({ ...bom, components, dependencies }, undefined, 2)}\n`);
