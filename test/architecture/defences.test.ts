import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A row of the lists that `npm run defences` works through, with what it makes of the source. */
interface Defence {
  /** What it defends, as a sentence. */
  defence: string;
  file: string;
  /** The file without the defence. */
  source: string;
  /** The file and the title of the test that fails without it. */
  test: string;
  title: string;
}
interface TakeOut {
  readDefences: (root: string) => Defence[];
  markedIn: (tree: ts.SourceFile) => Map<string, ts.Node>;
  takeOut: (node: ts.Node, instead?: string) => string;
}

const ROOT = join(import.meta.dirname, '../..');
const { readDefences, markedIn, takeOut } = (await import(join(ROOT, 'scripts/take-out.mjs'))) as TakeOut;
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
/** Fails when a row does not fit the source, or when no row names a marker. */
const defences = readDefences(ROOT);

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

test('the test that each defence names is there', () => {
  const lost = defences.filter(({ test: file, title }) => !hasTest(read(file), title));
  expect(lost.map(({ defence, test: file, title }) => ({ defence, file, title }))).toEqual([]);
});

test('no two defences are the same change, and none changes nothing', () => {
  const changes = defences.map(({ file, source }) => JSON.stringify([file, source]));
  expect(new Set(changes).size).toBe(changes.length);
  expect(defences.filter(({ file, source }) => source === read(file))).toEqual([]);
});

describe('a marked defence', () => {
  test.each([
    [
      'a statement',
      '{ a();\n// defence: x\nawait b.c(\n1); d(); }',
      undefined,
      '{ a();\n// defence: x\n d(); }',
    ],
    ['all that an if guards', 'if (a)\n// defence: x\nb();', undefined, 'if (a)\n// defence: x\n{}'],
    ['a property', '({ a,\n// defence: x\nb: 1, c })', undefined, '({ a,\n// defence: x\nc })'],
    ['the last property', '({ a, /* defence: x */ b: 1, })', undefined, '({ a, /* defence: x */  })'],
    ['an argument', 'f(/* defence: x */ a.b, c)', undefined, 'f(/* defence: x */ c)'],
    ['an element', '[a, /* defence: x */ b]', undefined, '[a, /* defence: x */ ]'],
    ['a right operand', 'a || /* defence: x */ b(c) || d', undefined, 'a || d'],
    [
      'all of an expression, not its first operand',
      'f(d, /* defence: x */ (a || b) && c)',
      '<self> || 1',
      'f(d, /* defence: x */ (a || b) && c || 1)',
    ],
    ['an expression', 'f(a, /* defence: x */ b + c)', 'true', 'f(a, /* defence: x */ true)'],
    [
      'around itself',
      'const a = /* defence: x */ await b();',
      'await c(<self>)',
      'const a = /* defence: x */ await c(await b());',
    ],
    [
      'the condition of an if',
      '// defence: x\nif (a && b) c();\nd();',
      '<then>',
      '// defence: x\nc();\nd();',
    ],
  ])('is %s', (_what, text, instead, without) => {
    const node = markedIn(ts.createSourceFile('a.ts', text, ts.ScriptTarget.ES2022, true)).get('x');
    expect(node && takeOut(node, instead)).toBe(without);
  });

  test('is named in a comment, not in a string', () => {
    const tree = ts.createSourceFile('a.ts', "f('// defence: x', a)", ts.ScriptTarget.ES2022, true);
    expect([...markedIn(tree)]).toEqual([]);
  });
});
