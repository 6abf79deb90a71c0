import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ENTRY = join(import.meta.dirname, '../../dist/dev/embedded-mongo/embedded-mongo.js');

const SCRIPT = `
  const { startEmbeddedMongo } = await import(process.argv[1]);
  startEmbeddedMongo({ dataDir: process.argv[2] }).then(
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
  const command = `${limits}; exec "$0" --input-type=module -e "$1" "$2" "$3"`;
  const child = spawn('sh', ['-c', command, process.execPath, SCRIPT, ENTRY, dataDir], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit').then(() => [Buffer.from('error: the process ended')]);
  const [output] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer];
  return { child, output: output.toString() };
}
