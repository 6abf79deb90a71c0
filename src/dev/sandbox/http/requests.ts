import { type FastifyRequest } from 'fastify';
import { type LoggedRequest } from '../store/traffic.js';

// A side table rather than decorations: those would change Fastify's types for the whole program.
const entries = new WeakMap<FastifyRequest, LoggedRequest>();

/** Remembers the log entry of a request. */
export function keepEntry(request: FastifyRequest, entry: LoggedRequest): void {
  entries.set(request, entry);
}

/** Completes the log entry of a request; a request to the control interface has none. */
export function completeEntry(
  request: FastifyRequest,
  outcome: Partial<Pick<LoggedRequest, 'status' | 'grantId'>>,
): void {
  Object.assign(entries.get(request) ?? {}, outcome);
}

/** The query of a request; `+` means a space. */
export function queryOf(request: FastifyRequest): URLSearchParams {
  const start = request.url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : request.url.slice(start + 1));
}

/** The path of a request, without its query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}

/** The form fields of a request; empty when the body was no form. */
export function formOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}

/** A redirect URI with parameters added to its query, the URI itself left as it was registered. */
export function appendParameters(redirectUri: string, parameters: Record<string, string>): string {
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${new URLSearchParams(parameters).toString()}`;
}
