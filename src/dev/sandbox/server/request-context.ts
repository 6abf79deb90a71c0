import { type FastifyRequest } from 'fastify';
import { type Fault } from '../store/fault-queue.js';
import { type LoggedRequest } from '../store/traffic.js';

/** What the hooks of one request tell each other. */
export interface RequestContext {
  logged?: LoggedRequest;
  fault?: Fault;
}

// A side table rather than decorations: those would change Fastify's types for the whole program.
const contexts = new WeakMap<FastifyRequest, RequestContext>();

/** The context of a request, made on first use. */
export function contextOf(request: FastifyRequest): RequestContext {
  const context = contexts.get(request) ?? {};
  contexts.set(request, context);
  return context;
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
