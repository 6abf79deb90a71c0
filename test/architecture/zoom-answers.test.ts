import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The table of docs/zoom-answers.md against the tests that it names. */
const ROOT = join(import.meta.dirname, '../..');
const rows = readFileSync(join(ROOT, 'docs/zoom-answers.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| +\d+ +\|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, number = '', comes = '', outcome = '', source = '', held = '']) => ({
    number: Number(number),
    comes,
    outcome,
    source,
    tests: [...held.matchAll(/`(test\/[\w./-]+\.test\.ts)` > `([^`]+)`/g)].map(
      ([, file = '', title = '']) => ({
        file,
        title,
      }),
    ),
    cited: held.split('<br>').length,
  }));

/** The titles of the tests in a file, as they stand in the source. */
function titlesIn(file: string): Set<string> {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const titles = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(test|it)\b/.test(node.expression.getText(source))) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title)) titles.add(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

test('the cases are numbered without a gap, and each has an outcome, a source and a test', () => {
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.map(({ number }) => number)).toEqual(rows.map((_row, index) => index + 1));
  const incomplete = rows.filter(
    ({ comes, outcome, source, tests, cited }) =>
      [comes, outcome, source].includes('') || tests.length === 0 || tests.length !== cited,
  );
  expect(incomplete).toEqual([]);
});

test('every test that the table names is in its file', () => {
  const known = new Map<string, Set<string>>();
  const missing = rows.flatMap(({ number, tests }) =>
    tests
      .filter(({ file, title }) => {
        if (!existsSync(join(ROOT, file))) return true;
        const titles = known.get(file) ?? titlesIn(file);
        known.set(file, titles);
        return !titles.has(title);
      })
      .map(({ file, title }) => `${number}: ${file} > ${title}`),
  );
  expect(missing).toEqual([]);
});

test('the titles are read from the source, and no title is invented', () => {
  const titles = titlesIn('test/architecture/zoom-answers.test.ts');
  expect(titles).toContain('every test that the table names is in its file');
  expect(titles).not.toContain('a test that nobody has written');
});
