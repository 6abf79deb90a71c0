import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A row of the lists that `npm run defences` works through. */
interface Defence {
  /** What it defends, as a sentence. */
  defence: string;
  file: string;
  /** What is taken out of `file`, and what stands in its place then. */
  text: string;
  instead: string;
  /** The file and the title of the test that fails without it. */
  test: string;
  title: string;
}

const ROOT = join(import.meta.dirname, '../..');
const LISTS = join(ROOT, 'test/defences');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const defences = readdirSync(LISTS).flatMap(
  (list) => JSON.parse(readFileSync(join(LISTS, list), 'utf8')) as Defence[],
);

/** The titles of a test file as they are written; of `test.each` with their placeholders. */
function titlesIn(text: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node) => {
    const [title] = ts.isCallExpression(node) ? node.arguments : [];
    if (title && ts.isStringLiteralLike(title) && /^test\b/.test(node.getText())) titles.push(title.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.test.ts', text, ts.ScriptTarget.ES2022, true));
  return titles;
}

/** Whether a test file has a test of this title; what fills the placeholders of `test.each` is written there too. */
function hasTest(text: string, title: string): boolean {
  return titlesIn(text).some((written) => {
    const literal = written.split(/%[sip]/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const filled = new RegExp(`^${literal.join('(.+)')}$`).exec(title);
    return filled?.slice(1).every((value) => text.includes(value)) === true;
  });
}

test('each defence stands exactly once in its source', () => {
  const lost = defences.filter(({ file, text }) => read(file).split(text).length !== 2);
  expect(lost.map(({ defence, file, text }) => ({ defence, file, text }))).toEqual([]);
});

test('the test that each defence names is there', () => {
  const lost = defences.filter(({ test: file, title }) => !hasTest(read(file), title));
  expect(lost.map(({ defence, test: file, title }) => ({ defence, file, title }))).toEqual([]);
});

test('no two defences are the same change, and none changes nothing', () => {
  const changes = defences.map(({ file, text, instead }) => JSON.stringify([file, text, instead]));
  expect(new Set(changes).size).toBe(changes.length);
  expect(defences.filter(({ text, instead }) => text === instead)).toEqual([]);
});
