import { ERROR_CODES } from '../../src/lib/errors.js';
import { type Canaries } from '../support/canaries.js';
import { FRONTEND } from '../support/harness.js';
import { type FuzzRequest } from './requests.js';
import { type FuzzAnswer } from './send.js';

/** Codes of Apollo's protocol, on which its clients act. */
const PROTOCOL_CODES = ['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_SUPPORTED'];
const CODES = new Set<string>([...Object.keys(ERROR_CODES), ...PROTOCOL_CODES]);
const STACK = /\bat [^\n]*[\\/](?:node_modules|dist|src)[\\/]|\bat [^\n]*node:internal/;
/** Where a secret belongs: the caller's own cookie and state are in the answer that begins an authorization. */
const OWN = new Set(['cookie', 'state']);

/** What is wrong with an answer, in words; nothing if the server behaved. */
export function wrongsOf(request: FuzzRequest, answer: FuzzAnswer, canaries: Canaries): string[] {
  const wrongs: string[] = [];
  const { status, headers, body } = answer;
  if (status >= 500) wrongs.push(`status ${status}`);
  if (body.includes('INTERNAL_SERVER_ERROR')) wrongs.push('INTERNAL_SERVER_ERROR');
  if (STACK.test(body)) wrongs.push('a stack in the body');
  if (request.channel !== 'raw') {
    const { expected, channel } = request;
    if (expected && !expected.includes(status))
      wrongs.push(`status ${status} in place of ${expected.join(', ')}`);
    if (channel === 'graphql') wrongs.push(...wrongsOfGraphQL(body, String(headers['content-type'])));
    wrongs.push(...wrongsOfRedirect(headers['location']));
  }
  const found = canaries.find(`${JSON.stringify(headers)}\n${body}`).filter(({ name }) => !OWN.has(name));
  wrongs.push(...found.map(({ name, form }) => `${name} (${form}) in the answer`));
  return wrongs;
}

function wrongsOfGraphQL(body: string, type: string): string[] {
  if (!body.startsWith('{') || !type.includes('json')) return [];
  const { errors = [] } = JSON.parse(body) as { errors?: { extensions?: { code?: string } }[] };
  const unknown = errors.map(({ extensions }) => extensions?.code).filter((code) => !CODES.has(code ?? ''));
  return unknown.map((code) => `the unknown code ${code}`);
}

/** Redirects lead to the frontend and nowhere else. */
function wrongsOfRedirect(location: string | string[] | undefined): string[] {
  if (typeof location !== 'string') return [];
  return URL.canParse(location) && new URL(location).origin === FRONTEND
    ? []
    : ['a redirect to another place'];
}

/** What is wrong with a line of the log: no JSON, a secret, or an error, because nothing here is the server's fault. */
export function wrongsOfLine(
  line: string,
  canaries: Canaries,
): { wrongs: string[]; requestId: string | undefined } {
  const found = canaries.find(line).map(({ name, form }) => `${name} (${form}) in the log`);
  const entry = parsed(line);
  if (!entry)
    return { wrongs: [...found, `a line that is not JSON: ${line.slice(0, 200)}`], requestId: undefined };
  const { level, msg, reqId, requestId, err } = entry;
  if (level === 'error' || level === 'fatal')
    found.push(`a line of the level ${level}: ${String(msg)} ${JSON.stringify(err ?? '').slice(0, 600)}`);
  const id = reqId ?? requestId;
  return { wrongs: found, requestId: typeof id === 'string' ? id : undefined };
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
