import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ENVIRONMENT_VARIABLES } from '../../src/config/environment.js';
import { CALLBACK_REASONS } from '../../src/grants/connect/callback-outcome.js';
import { ERROR_CODES } from '../../src/lib/errors.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const exists = (file: string) => existsSync(join(ROOT, file));

/** Files below a folder whose name ends with one of the endings, as paths from the root. */
function filesIn(folder: string, ...endings: string[]): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => endings.some((ending) => file.endsWith(ending)) && !file.includes('node_modules'))
    .map((file) => join(folder, file));
}

const guides = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...filesIn('docs', '.md')];
const sources = ['src', 'test', 'scripts', 'web'].flatMap((folder) =>
  filesIn(folder, '.ts', '.mjs').filter((file) => file !== 'test/architecture/documents.test.ts'),
);

const matchesOf = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, found]) => found ?? '');
const withoutCode = (text: string) => text.replace(/```[\s\S]*?```/g, '');
const inFile = (file: string) => (found: string) => `${file}: ${found}`;

/** What stands in backticks in the first column of those tables whose first column has this heading. */
function namesInTables(file: string, heading: string): string[] {
  const tables = read(file)
    .split(/\n(?!\|)/)
    .map((block) => block.split('\n').filter((line) => line.startsWith('|')))
    .filter(([head]) => head?.split('|')[1]?.trim() === heading);
  return tables
    .flatMap((lines) => lines.flatMap((line) => matchesOf(line.split('|')[1] ?? '', /`([^`]+)`/g)))
    .toSorted();
}

/** `NODE_ENV` is set by whoever runs a process, and is not a setting of this product alone. */
const withoutNodeEnv = (names: readonly string[]) => names.filter((name) => name !== 'NODE_ENV').toSorted();

describe('tables', () => {
  test('the error codes are those that a client can meet', () => {
    expect(namesInTables('docs/frontend.md', 'code')).toEqual(Object.keys(ERROR_CODES).toSorted());
  });

  test('the callback reasons are those that the frontend can meet', () => {
    expect(namesInTables('docs/frontend.md', 'reason')).toEqual([...CALLBACK_REASONS].toSorted());
  });

  test('the variables are those that the server reads', () => {
    const listed = withoutNodeEnv(namesInTables('docs/operations.md', 'variable'));
    expect(listed).toEqual(withoutNodeEnv(ENVIRONMENT_VARIABLES));
  });

  test('.env.example lists every variable that the server reads, once', () => {
    const listed = matchesOf(read('.env.example'), /^#? ?([A-Z][A-Z0-9_]*)=/gm);
    expect(withoutNodeEnv(listed)).toEqual(withoutNodeEnv(ENVIRONMENT_VARIABLES));
  });

  test('the metrics are those that the server counts', () => {
    const counted = filesIn('src/http', 'metrics.ts')
      .flatMap((file) => matchesOf(read(file), /name: '(\w+)'/g))
      .toSorted();
    expect(namesInTables('docs/operations.md', 'metric')).toEqual(counted);
  });

  test('the dependencies are those of package.json', () => {
    const {
      dependencies,
      devDependencies,
      optionalDependencies = {},
    } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
    const installed = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(namesInTables('docs/dependencies.md', 'package')).toEqual(installed.toSorted());
  });

  test('the list of decisions names every record', () => {
    const listed = matchesOf(read('docs/decisions/README.md'), /\]\((\d{4}-[\w-]+\.md)\)/g);
    const records = readdirSync(join(ROOT, 'docs/decisions')).filter((file) => /^\d{4}-/.test(file));
    expect(listed).toEqual(records.toSorted());
  });
});

describe('references', () => {
  /** The anchors that GitHub gives the headings of a document. */
  const anchorsOf = (text: string) =>
    matchesOf(withoutCode(text), /^#+ (.+)$/gm).map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );

  test('every relative link leads to a file, and to a heading in it', () => {
    const broken = guides.flatMap((file) =>
      matchesOf(withoutCode(read(file)), /\]\((?!https:)([^)\s]+)\)/g)
        .filter((link) => {
          const [path = '', anchor] = link.split('#');
          const target = path ? join(dirname(file), path) : file;
          return !exists(target) || (anchor && !anchorsOf(read(target)).includes(anchor));
        })
        .map(inFile(file)),
    );
    expect(broken).toEqual([]);
  });

  test('every document that is cited lies in the repository', () => {
    const known = new Set(guides.flatMap((file) => [file, relative('docs', file)]));
    const foreign = [...guides, ...sources, '.ci/run'].flatMap((file) =>
      matchesOf(read(file), /((?:\.{0,2}\/)?(?:[\w-]+\/)*[\w-]+\.md)\b/g)
        .filter((cited) => !known.has(cited) && !exists(join(dirname(file), cited)))
        .map(inFile(file)),
    );
    expect(foreign).toEqual([]);
  });

  test('every path of a folder or file that a document cites is there', () => {
    const missing = guides.flatMap((file) =>
      matchesOf(read(file), /`((?:src|test|docs|scripts|web)\/[\w./-]*)`/g)
        .filter((path) => !exists(path))
        .map(inFile(file)),
    );
    expect(missing).toEqual([]);
  });

  test('every function that a walk names stands in its file', () => {
    const walks = read('docs/architecture.md').replace(/\s+/g, ' ');
    const named = [...walks.matchAll(/`(src\/[\w./-]+\.ts)` `(\w+)`/g)].map(([, file = '', name = '']) => ({
      file,
      name,
    }));
    expect(named.length).toBeGreaterThan(40);
    const isMissing = ({ file, name }: (typeof named)[number]) =>
      !exists(file) || !new RegExp(`\\b${name}\\b`).test(read(file));
    expect(named.filter(isMissing)).toEqual([]);
  });

  test('every npm script that a document names is there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const missing = guides.flatMap((file) =>
      matchesOf(read(file), /npm run ([a-z][\w:-]*)/g)
        .filter((script) => !(script in scripts))
        .map(inFile(file)),
    );
    expect(missing).toEqual([]);
  });

  test('the sections of the facts about Zoom that are cited are there', () => {
    const facts = read('docs/zoom-protocol.md');
    const sections = new Set<string>();
    for (const chapter of facts.split(/^## /m).slice(1)) {
      const [number = ''] = /^\d+/.exec(chapter) ?? [];
      sections.add(number);
      for (const part of matchesOf(chapter, /^### ([\d.]+)/gm)) sections.add(part);
      for (const point of matchesOf(chapter, /^(\d+)\. /gm)) sections.add(`${number}.${point}`);
    }
    const cited = [...guides, ...sources].flatMap((file) => {
      const text = read(file).replace(/\n\s*(?:\*|\/\/)?\s*/g, ' ');
      const pattern = file === 'docs/zoom-protocol.md' ? /§([\d.]*\d)/g : /zoom-protocol\S* §([\d.]*\d)/g;
      return matchesOf(text, pattern).map((section) => ({ file, section }));
    });
    expect(cited.length).toBeGreaterThan(20);
    expect(cited.filter(({ section }) => !sections.has(section))).toEqual([]);
  });

  test('the facts about Zoom are cited by their path', () => {
    const bare = sources.flatMap((file) =>
      matchesOf(read(file), /((?<!docs\/)zoom-protocol\b|docs\/zoom-protocol(?!\.md))/g).map(inFile(file)),
    );
    expect(bare).toEqual([]);
  });
});

describe('size', () => {
  test('the README is read in five minutes: at most 150 lines', () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  test('no sentence of twelve words or more stands in two documents', () => {
    const places = new Map<string, Set<string>>();
    for (const file of guides)
      // A test may be cited in several places.
      for (const sentence of withoutCode(read(file).replace(/`test\/[^`]+` > "[^"]*"/g, '')).split(
        /(?<=[.:;!?])\s+|\n\n|\n(?=[-|#\d])|\|/,
      )) {
        const words = matchesOf(sentence.toLowerCase(), /([\p{L}\p{N}]+)/gu);
        if (words.length < 12) continue;
        const key = words.join(' ');
        places.set(key, (places.get(key) ?? new Set()).add(file));
      }
    const twice = [...places].filter(([, files]) => files.size > 1);
    expect(twice.map(([sentence, files]) => ({ sentence, files: [...files] }))).toEqual([]);
  });
});
