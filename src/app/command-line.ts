import { parseArgs } from 'node:util';

/** What the command line asks for. */
export type Command =
  { kind: 'start' | 'help' | 'version' | 'check-config' } | { kind: 'refused'; problem: string };

/** Reads the arguments after the name of the program. */
export function parseCommandLine(argv: readonly string[]): Command {
  const flag = { type: 'boolean' } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { help: { ...flag, short: 'h' }, version: { ...flag, short: 'v' }, 'check-config': flag },
    });
    if (values.help) return { kind: 'help' };
    if (values.version) return { kind: 'version' };
    return { kind: values['check-config'] ? 'check-config' : 'start' };
  } catch {
    return { kind: 'refused', problem: 'unknown argument; --help lists those that there are' };
  }
}

export const HELP = `Usage: node dist/main.js [--help | --version | --check-config]

Without an argument it starts the server, which is configured by its environment (see .env.example).

  --check-config  checks the environment and the files that it names, prints what is on, and ends;
                  it opens no connection and prints no secret
  --version, -v   prints the version
  --help, -h      prints this text

Exit codes: 0 after an orderly shutdown, or if the configuration is valid; 1 if the configuration is not valid,
if the server cannot start, after an uncaught error, or if the shutdown timeout cut work off.
`;
