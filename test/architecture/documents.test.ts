import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENT_VARIABLES } from '../../src/config/environment.js';
import { ERROR_CODES } from '../../src/lib/errors.js';
import { CALLBACK_REASONS } from '../../src/grants/connect/callback-outcome.js';

const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');

/** What stands in backticks in the first column of the tables under a heading of the README. */
function namesUnder(heading: string): string[] {
  const [, ...sections] = read('README.md').split(/^(?=#{1,6} )/m);
  const section = sections.find((text) =>
    text.split('\n', 1)[0]?.toLowerCase().includes(heading.toLowerCase()),
  );
  if (!section) throw new Error(`README.md has no heading "${heading}"`);
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .flatMap((line) =>
      [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name as string),
    );
}

/** Set by whoever runs a process, not a setting of this product alone. */
const withoutNodeEnv = (names: readonly string[]) => names.filter((name) => name !== 'NODE_ENV').toSorted();

test("the README's error codes are those that a client can meet", () => {
  expect(namesUnder('Error codes').toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted());
});

test("the README's callback reasons are those that the frontend can meet", () => {
  expect(namesUnder('Callback reasons').toSorted()).toEqual([...CALLBACK_REASONS].toSorted());
});

test("the README's variables are those that the server reads", () => {
  expect(withoutNodeEnv(namesUnder('Configuration'))).toEqual(withoutNodeEnv(ENVIRONMENT_VARIABLES));
});

test('.env.example lists every variable that the server reads, once', () => {
  const listed = [...read('.env.example').matchAll(/^#? ?([A-Z][A-Z0-9_]*)=/gm)].map(
    ([, name]) => name as string,
  );
  expect(withoutNodeEnv(listed)).toEqual(withoutNodeEnv(ENVIRONMENT_VARIABLES));
});
