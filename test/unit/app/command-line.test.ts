import { parseCommandLine } from '../../../src/app/command-line.js';
import { startProblem } from '../../../src/app/start-problem.js';
import { StartError } from '../../../src/lib/start-error.js';

test.each([
  [[], 'start'],
  [['--help'], 'help'],
  [['-h'], 'help'],
  [['--version'], 'version'],
  [['-v'], 'version'],
  [['--check-config'], 'check-config'],
  [['--help', '--check-config'], 'help'],
  [['--check'], 'refused'],
  [['start'], 'refused'],
  [['--port=1'], 'refused'],
])('%j is %s', (argv, kind) => {
  expect(parseCommandLine(argv).kind).toBe(kind);
});

const system = (syscall: string, code: string) =>
  Object.assign(new Error(`${syscall} ${code}`), { syscall, code });

test.each([
  [new StartError('MONGODB_URI: x'), 'The server cannot start:\n  - MONGODB_URI: x'],
  [
    system('listen', 'EADDRINUSE'),
    'The server cannot start:\n  - PORT: another process listens on this port (EADDRINUSE)',
  ],
  [
    system('getaddrinfo', 'ENOTFOUND'),
    'The server cannot start:\n  - HOST: there is no such name (ENOTFOUND)',
  ],
  [system('open', 'EACCES'), 'Error: open EACCES'],
  ['text', 'The server cannot start: string'],
])('%p is told without a stack', (error, text) => {
  expect(startProblem(error)).toBe(text);
});

test('a mistake in the program is told with its stack', () => {
  expect(startProblem(new TypeError('x'))).toMatch(/^TypeError: x\n {4}at /);
});
