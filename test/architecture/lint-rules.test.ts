import { ESLint } from 'eslint';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';

const eslint = new ESLint({
  cwd: join(import.meta.dirname, '../..'),
  // The snippets below are no files, and so have no types.
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    { languageOptions: { parserOptions: { projectService: false } } },
  ],
});

async function broken(file: string, text: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: file });
  return result?.messages.map(({ ruleId, message }) => ruleId ?? message) ?? [];
}

const CIPHER = "import { TokenCipher } from '../grants/token-cipher.js';\nnew TokenCipher([]);";
const CIPHER_TYPE =
  "import { type TokenCipher } from '../grants/token-cipher.js';\nexport type A = TokenCipher;";

test.each([
  ['no-restricted-properties', 'src/http/a.ts', 'export const path = process.env;'],
  ['no-restricted-properties', 'src/http/a.ts', "export const path = process['env']['PATH'];"],
  ['no-restricted-properties', 'src/config/environment.ts', 'export const { env } = process;'],
  ['no-restricted-imports', 'src/http/a.ts', "import { env } from 'node:process';\nenv.toString();"],
  ['no-restricted-properties', 'src/app/a.ts', "process.stdout.write('x');"],
  ['no-restricted-imports', 'src/zoom/a.ts', CIPHER],
  ['no-restricted-imports', 'src/zoom/a.ts', CIPHER_TYPE],
  ['no-restricted-exports', 'src/http/a.ts', 'export default 1;'],
  ['no-restricted-syntax', 'src/http/a.ts', "export * from './b.js';"],
  ['no-restricted-syntax', 'src/grants/a.ts', 'export const rows = (models) => models.grants;'],
  ['no-restricted-syntax', 'src/audit/a.ts', 'export const rows = (log) => log.models.grants.find();'],
  ['no-console', 'src/http/a.ts', "console.log('x');"],
])('%s finds the offence in %s: %s', async (rule, file, text) => {
  expect(await broken(file, text)).toContain(rule);
});

test('max-lines finds a file of more than 200 lines', async () => {
  expect(await broken('src/http/a.ts', 'export {};\n'.repeat(201))).toEqual(['max-lines']);
  expect(await broken('src/http/a.ts', 'export {};\n'.repeat(200))).toEqual([]);
});

test.each([
  ['src/config/config.ts', 'export const path = process.env;'],
  ['src/cli/a.ts', "process.stdout.write('x');"],
  ['src/grants/a.ts', CIPHER],
  ['src/grants/store/a.ts', 'export const rows = (models) => models.grants;'],
])('what %s alone may do breaks no rule: %s', async (file, text) => {
  expect(await broken(file, text)).toEqual([]);
});
