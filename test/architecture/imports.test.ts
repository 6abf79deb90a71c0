import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');
const SRC = join(ROOT, 'src');

interface Import {
  file: string;
  /** Path below src, with `.ts`. */
  target: string;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();
const sources = files.map((file) => {
  const text = readFileSync(join(SRC, file), 'utf8');
  return { file, text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true) };
});

const imports: Import[] = sources.flatMap(({ file, tree }) =>
  tree.statements
    .filter((node) => ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
    .flatMap((node) => {
      const specifier =
        node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : '';
      if (!specifier.startsWith('.')) return [];
      const target = relative(SRC, resolve(SRC, dirname(file), specifier.replace(/\.js$/, '')));
      return [{ file, target: `${target}.ts` }];
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

test('every import within src is relative to a file that is there', () => {
  expect(imports.filter(({ target }) => !files.includes(target)).map(shown)).toEqual([]);
});

test('nothing imports the entry points', () => {
  const entries = /^(main|cli\/[^/]+|dev\/demo\/demo)\.ts$/;
  expect(imports.filter(({ target }) => entries.test(target)).map(shown)).toEqual([]);
});

test('the environment is read in config/config.ts alone', () => {
  const isProcessEnv = (node: ts.Node) =>
    (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) &&
    /^process\??\.?(\.env|\[.env.\])$/.test(node.getText());
  const elsewhere = places(isProcessEnv).filter((place) => !place.startsWith('config/config.ts:'));
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
  expect(writes.filter((place) => !/^(main\.ts|cli\/|dev\/demo\/)/.test(place))).toEqual([]);
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

test('nobody but grants/ and app-token/ opens what is sealed', () => {
  const opens = places((node) => ts.isIdentifier(node) && node.text === 'TokenCipher');
  const outside = opens.filter((place) => !/^(grants\/|app-token\/|app\/|cli\/)/.test(place));
  expect(outside).toEqual([]);
});
