import { readFileSync } from 'node:fs';
import { type Problem } from './rules.js';

/** Reads a file as text. Throws when it cannot. */
export type ReadFile = (path: string) => string;

/** The variables that may be given as a file, whose path is in the variable of this name and `_FILE`. */
export const SECRET_VARIABLES = [
  'ZOOM_USER_MANAGED_CLIENT_SECRET',
  'ZOOM_WEBHOOK_SECRET_TOKEN',
  'ZOOM_APP_CLIENT_SECRET',
  'GOOGLE_MEET_PRIVATE_KEY',
  'EVENTS_WEBHOOK_URL',
  'EVENTS_WEBHOOK_SECRETS',
  'MONGODB_URI',
  'TOKEN_ENCRYPTION_KEYS',
  'AUTH_JWT_PUBLIC_KEY',
  'AUTH_JWT_SECRET',
  'METRICS_TOKEN',
  'HTTP_PROXY',
  'HTTPS_PROXY',
] as const;

/**
 * The variables with the contents of the files that `*_FILE` names, without the line breaks at their end. Neither a path
 * nor a content is quoted in a problem; the code of the system's error is. `unread`: the variables whose file was refused.
 */
export function readSecretFiles(
  variables: Readonly<Record<string, string>>,
  readFile: ReadFile = (path) => readFileSync(path, 'utf8'),
): { variables: Record<string, string>; problems: Problem[]; unread: string[] } {
  const read = { ...variables };
  const problems: Problem[] = [];
  const unread: string[] = [];
  for (const name of SECRET_VARIABLES) {
    const fileVariable = `${name}_FILE`;
    const path = variables[fileVariable];
    if (path === undefined) continue;
    if (variables[name] !== undefined) {
      problems.push([fileVariable, `is set beside ${name}; set only one of them`]);
      continue;
    }
    const content = contentOf(path, readFile);
    if ('text' in content) {
      read[name] = content.text;
      continue;
    }
    problems.push([fileVariable, content.problem]);
    unread.push(name);
  }
  return { variables: read, problems, unread };
}

function contentOf(path: string, readFile: ReadFile): { text: string } | { problem: string } {
  try {
    const text = readFile(path).replace(/[\r\n]+$/, '');
    return text.trim() === '' ? { problem: 'names a file that is empty' } : { text };
  } catch (error) {
    const { code } = error as { code?: unknown };
    return { problem: `names a file that cannot be read (${typeof code === 'string' ? code : 'unknown'})` };
  }
}
