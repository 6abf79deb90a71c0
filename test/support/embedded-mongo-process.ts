import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const ENTRY = resolve(__dirname, '../../src/dev/embedded-mongo/embedded-mongo.ts');

/** Compiles the sources as they are loaded, so that the process needs no build. */
const SCRIPT = `
  const { existsSync, readFileSync } = require('node:fs');
  const Module = require('node:module');
  const { dirname, resolve } = require('node:path');
  const { transformSync } = require('@swc/core');
  const original = Module._resolveFilename;
  Module._resolveFilename = (request, parent, ...rest) => {
    const source = request.startsWith('.') && resolve(dirname(parent.filename), request + '.ts');
    return source && existsSync(source) ? source : original(request, parent, ...rest);
  };
  Module._extensions['.ts'] = (module, filename) => {
    const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } };
    module._compile(transformSync(readFileSync(filename, 'utf8'), { filename, ...options }).code, filename);
  };
  require(process.argv[1]).startEmbeddedMongo({ dataDir: process.argv[2] }).then(
    ({ uri }) => process.stdout.write(uri),
    ({ message }) => process.stdout.write('error: ' + message, () => process.exit(1)),
  );
`;

/** An embedded database in a process of its own; `output` is its URI, or `error:` and why it did not start. */
export interface EmbeddedMongoProcess {
  child: ChildProcess;
  output: string;
}

/** Starts a durable database in a process; `limits` is what the shell runs before, such as `ulimit`. */
export async function startEmbeddedMongoProcess(
  dataDir: string,
  limits = ':',
): Promise<EmbeddedMongoProcess> {
  const command = `${limits}; exec "$0" -e "$1" "$2" "$3"`;
  const child = spawn('sh', ['-c', command, process.execPath, SCRIPT, ENTRY, dataDir], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit').then(() => [Buffer.from('error: the process ended')]);
  const [output] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer];
  return { child, output: output.toString() };
}
