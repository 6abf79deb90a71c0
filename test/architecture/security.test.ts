import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** The rows of the tables whose first column has the heading `duty`, as cells. */
function dutiesIn(text: string): string[][] {
  const tables = text
    .split(/\n(?!\|)/)
    .map((block) => block.split('\n').filter((line) => line.startsWith('|')));
  const cellsOf = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  return tables
    .map((lines) => lines.map(cellsOf))
    .filter(([head]) => head?.[0] === 'duty')
    .flatMap((rows) => rows.slice(2));
}

/** A test that a row names: its file, and its title as it stands there. */
const citationsIn = (cell: string) =>
  [...cell.matchAll(/`(test\/[\w./-]+\.test\.ts)` > "(.+?)"(?=<br>|$)/g)].map(
    ([, file = '', title = '']) => ({
      file,
      title,
    }),
  );

const duties = dutiesIn(read('docs/security.md'));

describe('the duties in docs/security.md', () => {
  test('are in three tables', () => {
    expect(duties.length).toBeGreaterThan(60);
  });

  test('each have a test, or a reason why they do not apply', () => {
    const open = duties.filter(
      ([, answer = '', tests = '']) =>
        citationsIn(tests).length === 0 && !answer.startsWith('Does not apply: '),
    );
    expect(open).toEqual([]);
  });

  test('name tests that exist', () => {
    const isMissing = ({ file, title }: { file: string; title: string }) =>
      !existsSync(join(ROOT, file)) ||
      ![`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) => read(file).includes(quoted));
    expect(duties.flatMap(([, , tests = '']) => citationsIn(tests)).filter(isMissing)).toEqual([]);
  });

  test('name every test in the form that is checked', () => {
    const cited = duties.map(([, , tests = '']) => [
      tests.match(/test\/[\w./-]+\.test\.ts/g)?.length ?? 0,
      citationsIn(tests).length,
    ]);
    expect(cited.filter(([files, citations]) => files !== citations)).toEqual([]);
  });
});
