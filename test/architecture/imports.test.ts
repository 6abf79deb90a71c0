import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '../..');
const SRC = join(ROOT, 'src');

/** Every layer with the layers it may import; its own is always allowed. */
const FOUNDATION = [
  ...['errors', 'clock', 'secret', 'timing', 'defined', 'retry-after', 'background-tasks', 'logger'],
];
const BELOW_TOKENS = ['audit', 'models', 'oauth', ...FOUNDATION];
const BELOW_ZOOM = ['tokens', ...BELOW_TOKENS];
const BELOW_MEETINGS = ['google-meet', 'zoom', ...BELOW_ZOOM];
const BELOW_GRAPHQL = ['meetings', ...BELOW_MEETINGS];
const BELOW_HTTP = ['graphql', ...BELOW_GRAPHQL];
const ALLOWED: Record<string, readonly string[]> = {
  ...Object.fromEntries(FOUNDATION.map((layer) => [layer, FOUNDATION])),
  errors: [],
  clock: [],
  secret: [],
  timing: [],
  defined: [],
  oauth: FOUNDATION,
  models: FOUNDATION,
  audit: ['models', ...FOUNDATION],
  tokens: BELOW_TOKENS,
  announcements: BELOW_ZOOM,
  zoom: BELOW_ZOOM,
  'google-meet': ['oauth', ...FOUNDATION],
  meetings: BELOW_MEETINGS,
  graphql: BELOW_GRAPHQL,
  http: BELOW_HTTP,
};
/** The files at the top, which wire: they may import everything below, and each other. */
const isTop = (layer: string) => layer === 'top' || layer === 'cli';
/** The stand-ins for Zoom and MongoDB: independent on purpose, so that they can contradict us. */
const STAND_INS = new Set(['sandbox', 'embedded-mongo']);
/** Who may start a stand-in. */
const isStarter = (file: string) => file === 'development.ts' || file.startsWith('cli/');

/** `errors`, `tokens` and so on; `top` for the files that wire. */
function layerOf(file: string): string {
  const [first = '', ...rest] = file.split('/');
  if (rest.length > 0) return first;
  const name = first.replace(/\.ts$/, '');
  return name in ALLOWED ? name : 'top';
}

interface Import {
  file: string;
  /** Path below src, with `.ts`. */
  target: string;
  typeOnly: boolean;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();
const sources = files.map((file) => {
  const text = readFileSync(join(SRC, file), 'utf8');
  return { file, text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true) };
});

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  const clause = ts.isImportDeclaration(node) ? node.importClause : undefined;
  const bindings = clause?.namedBindings ?? (ts.isExportDeclaration(node) ? node.exportClause : undefined);
  if (
    clause?.phaseModifier === ts.SyntaxKind.TypeKeyword ||
    (ts.isExportDeclaration(node) && node.isTypeOnly)
  )
    return true;
  const named =
    bindings && (ts.isNamedImports(bindings) || ts.isNamedExports(bindings)) ? [...bindings.elements] : [];
  return !clause?.name && named.length > 0 && named.every((element) => element.isTypeOnly);
}

const imports: Import[] = sources.flatMap(({ file, tree }) =>
  tree.statements
    .filter((node) => ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
    .flatMap((node) => {
      const specifier =
        node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : '';
      if (!specifier.startsWith('.')) return [];
      const target = relative(SRC, resolve(SRC, dirname(file), specifier.replace(/\.js$/, '')));
      return [{ file, target: `${target}.ts`, typeOnly: isTypeOnly(node) }];
    }),
);

/** Every node of every source that `matches`, as file:line. */
function places(matches: (node: ts.Node) => boolean, within = sources): string[] {
  return within.flatMap(({ file, tree }) => {
    const found: string[] = [];
    const visit = (node: ts.Node) => {
      if (matches(node))
        found.push(`${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
      ts.forEachChild(node, visit);
    };
    visit(tree);
    return found;
  });
}

const shown = ({ file, target }: Import) => `${file} -> ${target}`;

test('imports go downward only', () => {
  const upward = imports.filter(({ file, target, typeOnly }) => {
    const [from, to] = [layerOf(file), layerOf(target)];
    if (from === to || isTop(from) || STAND_INS.has(from)) return false;
    // What is configured may be named anywhere; the values come from the composition root.
    if (target === 'config.ts' && typeOnly) return false;
    return !ALLOWED[from]?.includes(to);
  });
  expect(upward.map(shown)).toEqual([]);
});

test('every import within src is relative to a file that is there', () => {
  expect(imports.filter(({ target }) => !files.includes(target)).map(shown)).toEqual([]);
});

test('the stand-ins import nothing of the product, and not each other', () => {
  const leaving = imports.filter(
    ({ file, target }) => STAND_INS.has(layerOf(file)) && layerOf(file) !== layerOf(target),
  );
  expect(leaving.map(shown)).toEqual([]);
});

test('only the development set-up and the command line tools start a stand-in', () => {
  const using = imports.filter(
    ({ file, target }) =>
      STAND_INS.has(layerOf(target)) && layerOf(file) !== layerOf(target) && !isStarter(file),
  );
  expect(using.map(shown)).toEqual([]);
});

test('nothing imports the entry points', () => {
  const entries = /^(main|cli\/[^/]+)\.ts$/;
  expect(imports.filter(({ target }) => entries.test(target)).map(shown)).toEqual([]);
});

test('the environment is read in config.ts alone', () => {
  const isProcessEnv = (node: ts.Node) =>
    (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) &&
    /^process\??\.?(\.env|\[.env.\])$/.test(node.getText());
  const elsewhere = places(isProcessEnv).filter((place) => !place.startsWith('config.ts:'));
  expect(elsewhere).toEqual([]);
});

test('nothing is exported by default, and nothing re-exported in bulk', () => {
  const isDefaultExport = (node: ts.Node) =>
    ts.isExportAssignment(node) ||
    (ts.canHaveModifiers(node) &&
      ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true) ||
    (ts.isExportSpecifier(node) && node.name.text === 'default');
  const isBarrelLine = (node: ts.Node) =>
    ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && !node.exportClause;
  expect([
    ...places(isDefaultExport),
    ...places(isBarrelLine),
    ...files.filter((file) => /(^|\/)index\.ts$/.test(file)),
  ]).toEqual([]);
});

test('nothing writes to the console', () => {
  expect(places((node) => ts.isIdentifier(node) && node.text === 'console')).toEqual([]);
});

test('only the entry points write to the process streams', () => {
  const writes = places(
    (node) => ts.isPropertyAccessExpression(node) && /^process\.std(out|err)$/.test(node.getText()),
  );
  expect(writes.filter((place) => !/^(main\.ts|cli\/)/.test(place))).toEqual([]);
});

test('no file is longer than 200 lines', () => {
  const long = sources
    .map(({ file, text }) => [file, text.split('\n').length - 1] as const)
    .filter(([, lines]) => lines > 200);
  expect(long).toEqual([]);
});

test('file names are in kebab case', () => {
  expect(
    files.filter((file) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(file)),
  ).toEqual([]);
});

test('nobody but tokens/ opens what is sealed', () => {
  const opens = places((node) => ts.isIdentifier(node) && node.text === 'TokenCipher');
  const outside = opens.filter((place) => !/^(tokens\/|server\.ts|compose[\w-]*\.ts|cli\/)/.test(place));
  expect(outside).toEqual([]);
});
