import { type FastifyRequest } from 'fastify';
import { type LoggedRequest } from '../store/traffic.js';

// A WeakMap and not a decoration, because a decoration would change Fastify's types for the whole program.
const entries = new WeakMap<FastifyRequest, LoggedRequest>();

/** Connects a request with its entry in the request log. */
export function keepEntry(request: FastifyRequest, entry: LoggedRequest): void {
  entries.set(request, entry);
}

/** Completes the log entry of a request. A request to the control interface has no entry. */
export function completeEntry(
  request: FastifyRequest,
  outcome: Partial<Pick<LoggedRequest, 'status' | 'grantId'>>,
): void {
  Object.assign(entries.get(request) ?? {}, outcome);
}

export function queryOf(request: FastifyRequest): URLSearchParams {
  const start = request.url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : request.url.slice(start + 1));
}

/** The path of a request, without the query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}

/** The form fields of a request. Empty if the body is not a form. */
export function formOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}

/** Adds parameters to a redirect URI and leaves the rest of it exactly as registered. */
export function appendParameters(redirectUri: string, parameters: Record<string, string>): string {
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${new URLSearchParams(parameters).toString()}`;
}
