import { StartError } from '../lib/start-error.js';

/** What an operator has to know of the errors by which listening fails. */
const LISTENING: Readonly<Record<string, string>> = {
  EADDRINUSE: 'PORT: another process listens on this port',
  EACCES: 'PORT: this user may not listen on this port',
  EADDRNOTAVAIL: 'HOST: this machine does not have this address',
  ENOTFOUND: 'HOST: there is no such name',
  EAI_AGAIN: 'HOST: the name cannot be looked up',
};
const OF_LISTENING = new Set<unknown>(['listen', 'getaddrinfo', 'bind']);

/**
 * The text that is printed when the server cannot start. A stack is in it only if the error is a mistake in this program.
 */
export function startProblem(error: unknown): string {
  if (!(error instanceof Error)) return `The server cannot start: ${typeof error}`;
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  const listening = OF_LISTENING.has(syscall) ? LISTENING[String(code)] : undefined;
  if (listening !== undefined) return `The server cannot start:\n  - ${listening} (${String(code)})`;
  if (error instanceof StartError) return `The server cannot start:\n  - ${error.message}`;
  const isMistake = [TypeError, RangeError, ReferenceError, SyntaxError].some(
    (type) => error instanceof type,
  );
  return isMistake ? (error.stack ?? error.message) : `${error.name}: ${error.message}`;
}
