// npm test -- [paths] [options of Jest]: the quick set, about four minutes; --all: every test; --slow: every test that is
// not in the quick set. Paths name tests of either set.
import { run } from 'jest';
import { parseArgs } from 'node:util';

/** What starts server processes, kills them, attacks them, or drives a browser. */
const SLOW = 'test/(faults|chaos|browser|production|fuzz|security)/';
/** The options whose value is a word of its own; every other word that is no option is a path. */
const options = {
  testNamePattern: { type: 'string', short: 't' },
  maxWorkers: { type: 'string', short: 'w' },
  outputFile: { type: 'string' },
};

const given = process.argv.slice(2);
const args = given.filter((argument) => !['--all', '--slow'].includes(argument));
const { positionals: paths } = parseArgs({ args, options, strict: false, allowPositionals: true });
if (paths.length === 0 && given.includes('--slow')) args.unshift(SLOW);
else if (paths.length === 0 && !given.includes('--all')) args.push('--testPathIgnorePatterns', SLOW);

await run(['--silent=false', ...args]);
