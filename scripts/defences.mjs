// npm run defences -- [--only PATTERN] [--list] [--check] [--skip-baseline]: takes out, one at a time, each defence that
// test/defences/ lists, in a copy of the project, and expects the test that the defence names to fail by an assertion.
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import ts from 'typescript';
import { readDefences } from './take-out.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const NOT_COPIED = new Set(['node_modules', '.git', '.data', 'coverage'].map((name) => join(root, name)));
/** Beyond this a run hangs. */
const PATIENCE_MS = 180_000;
/** A failed matcher or property (fast-check), or a condition that was waited for in vain. */
const ASSERTION = /^(\w*Error: )?(expect\(|Property failed after|the condition did not come true)/;

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
    // Only whether the sources still compile without each defence.
    check: { type: 'boolean', default: false },
    'skip-baseline': { type: 'boolean', default: false },
  },
});
const compilerOptions = {
  ...ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), {}, ts.sys).options,
  noUnusedLocals: false,
  noUnusedParameters: false,
};

/** The listed defences that are wanted, each with its place in the source and the source without it. */
function listDefences() {
  const wanted = new RegExp(flags.only, 'i');
  return readDefences(root).filter(({ defence, marker = '', file, test, title }) =>
    wanted.test([defence, marker, file, test, title].join(' ')),
  );
}

function stop(message) {
  console.error(message);
  process.exit(1);
}

/** Type-checks every changed source beside the unchanged ones: a change that does not compile proves nothing. */
function checkTypes(defences) {
  const sources = new Map(
    defences.map(({ file, source }, index) => [join(root, file).replace(/ts$/, `${index}.ts`), source]),
  );
  const host = ts.createCompilerHost(compilerOptions);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  host.readFile = (path) => sources.get(path) ?? readFile(path);
  const program = ts.createProgram([...sources.keys()], compilerOptions, host);
  const errors = [...sources.keys()].flatMap((path, index) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(
        ({ messageText }) =>
          `${defences[index].defence}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      ),
  );
  if (errors.length > 0) stop(errors.join('\n'));
}

/** A copy of the project to change; the working tree stays as it is. */
function makeCopy() {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'defences-')));
  cpSync(root, copy, { recursive: true, filter: (path) => !NOT_COPIED.has(path) });
  symlinkSync(realpathSync(join(root, 'node_modules')), join(copy, 'node_modules'));
  process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
  return copy;
}

/** Writes a source into the copy, and what it compiles to for the tests over server processes. */
function write(copy, file, source) {
  writeFileSync(join(copy, file), source);
  const options = { ...compilerOptions, module: ts.ModuleKind.ESNext, noEmit: false, sourceMap: false };
  const { outputText } = ts.transpileModule(source, { compilerOptions: options, fileName: file });
  writeFileSync(join(copy, file.replace(/^src/, 'dist').replace(/ts$/, 'js')), outputText);
}

const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Runs the tests that these defences name in the copy; answers Jest's report, undefined when it hung or broke. */
async function runTests(copy, defences) {
  const [jest, report] = [createRequire(import.meta.url).resolve('jest/bin/jest'), join(copy, 'report.json')];
  const titles = new Set(defences.map(({ title }) => literally(title)));
  const files = new Set(defences.map(({ test }) => test));
  const pattern = `(^| )(${[...titles].join('|')})$`;
  rmSync(report, { force: true });
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      jest,
      '--json',
      `--outputFile=${report}`,
      '--forceExit',
      '-t',
      pattern,
      '--runTestsByPath',
      ...files,
    ],
    { cwd: copy, stdio: 'ignore', detached: true },
  );
  const end = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Nobody of the group is left.
    }
  };
  const timer = setTimeout(end, PATIENCE_MS * files.size);
  process.on('exit', end);
  await new Promise((resolve) => child.once('exit', resolve));
  process.off('exit', end);
  clearTimeout(timer);
  // A test that failed early may leave server processes behind.
  end();
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
}

/** What a report says about the test of a defence: `passed`, `failed` at a line by an assertion, or what went wrong. */
function verdictOn({ test, title }, report) {
  const run = report?.testResults.find(({ name }) => name.endsWith(`/${test}`));
  const found = run?.assertionResults.find((each) => each.title === title && each.status !== 'pending');
  if (!found) return { kind: 'broken', why: firstLine(run?.message) || 'the test did not run' };
  if (found.status === 'passed') return { kind: 'passed' };
  const message = stripVTControlCharacters(found.failureMessages[0] ?? '');
  if (!ASSERTION.test(message)) return { kind: 'broken', why: firstLine(message) };
  const line = [...message.matchAll(new RegExp(`${literally(test)}:(\\d+)`, 'g'))].at(-1)?.[1] ?? '?';
  return { kind: 'failed', line };
}

const firstLine = (message = '') => stripVTControlCharacters(message).trim().split('\n')[0];

/** Whether every named test is green as long as nothing is taken out. */
async function checkBaseline(copy, defences) {
  const report = await runTests(copy, defences);
  const bad = defences.filter((defence) => verdictOn(defence, report).kind !== 'passed');
  for (const { test, title } of bad) console.error(`not green to begin with: ${test} "${title}"`);
  if (bad.length > 0) process.exit(1);
}

/** Takes one defence out, runs its test, puts the defence back; answers whether the test went red. */
async function prove(copy, defence) {
  const original = readFileSync(join(root, defence.file), 'utf8');
  const began = performance.now();
  write(copy, defence.file, defence.source);
  const verdict = verdictOn(defence, await runTests(copy, [defence]));
  write(copy, defence.file, original);
  const results = { failed: 'red', passed: 'STAYED GREEN', broken: `BROKEN: ${verdict.why}` };
  const at = `${basename(defence.test)}${verdict.line ? `:${verdict.line}` : ''}`;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  printRow(defence.defence, defence.place, at, results[verdict.kind], seconds);
  return verdict.kind === 'failed';
}

function printRow(defence, place, test, result, seconds) {
  const cells = [result.padEnd(12), seconds.padStart(7), place.padEnd(44), test.padEnd(24), defence];
  console.log(cells.join('  '));
}

const defences = listDefences();
if (defences.length === 0) stop(`No defence matches ${flags.only}`);
if (flags.list) {
  for (const { defence, place, test, title } of defences)
    console.log(`${place}  ${defence}\n  ${test}  ${title}`);
  process.exit();
}
checkTypes(defences);
if (flags.check) process.exit();
const copy = makeCopy();
if (!flags['skip-baseline']) await checkBaseline(copy, defences);
printRow('defence', 'taken out of', 'test, failed at', 'result', 'seconds');
let red = 0;
for (const defence of defences) if (await prove(copy, defence)) red++;
console.log(`${defences.length} defences, ${red} proven`);
process.exit(red === defences.length ? 0 : 1);
