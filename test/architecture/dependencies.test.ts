import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** A package of the lock file. */
interface LockedPackage {
  version: string;
  license?: string;
  integrity?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
}

const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
/** Every package with its path, but the product itself. */
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
/** What a production install may bring: all that only development needs is left out. */
const production = packages.filter(([, { dev }]) => !dev);
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** What stands in backticks in the first column of the table with this heading in docs/dependencies.md. */
function listed(heading: string): string[] {
  const tables = read('docs/dependencies.md').split(/\n(?!\|)/);
  const lines = tables
    .map((block) => block.split('\n').filter((line) => line.startsWith('|')))
    .find(([head]) => head?.split('|')[1]?.trim() === heading);
  if (!lines) throw new Error(`docs/dependencies.md has no table with the heading ${heading}`);
  return lines.flatMap((line) =>
    (line.split('|')[1]?.match(/`[^`]+`/g) ?? []).map((name) => name.slice(1, -1)),
  );
}

test('every production package has one of the licences that are listed, and each of these is used', () => {
  const expressions = new Set(production.map(([, { license = 'none' }]) => license));
  const licences = new Set(
    [...expressions].flatMap((text) => text.replace(/[()]/g, '').split(/ (?:AND|OR) /)),
  );
  expect([...licences].toSorted()).toEqual(listed('licence').toSorted());
});

test('the packages that run a script when they are installed are those that are listed', () => {
  const running = packages
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => nameOf(path));
  expect(running.toSorted()).toEqual(listed('runs a script').toSorted());
});

test('every production package is pinned by a SHA-512', () => {
  const loose = production.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
  expect(loose.map(([path]) => path)).toEqual([]);
});

test('npm run sbom lists the production packages with their versions, and no others', () => {
  const text = execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: ROOT, encoding: 'utf8' });
  const { bomFormat, components } = JSON.parse(text) as {
    bomFormat: string;
    components: { purl: string; licenses?: unknown[] }[];
  };
  expect(bomFormat).toBe('CycloneDX');
  const purlOf = ([path, { version }]: [string, LockedPackage]) =>
    `pkg:npm/${nameOf(path).replace('@', '%40')}@${version}`;
  expect([...new Set(components.map(({ purl }) => purl))].toSorted()).toEqual(
    [...new Set(production.map(purlOf))].toSorted(),
  );
  expect(components.filter(({ licenses }) => !licenses?.length)).toEqual([]);
});
