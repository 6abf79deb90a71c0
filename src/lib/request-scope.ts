import { AsyncLocalStorage } from 'node:async_hooks';
import { type TraceContext } from './trace-context.js';

/** What every log line that is written during a request says about it. */
export interface RequestScope {
  requestId: string;
  /** The name of the GraphQL operation, once it is known. */
  operation?: string;
  /** The caller, once it is known. */
  caller?: string;
  /** The trace that a trusted peer named. What is sent to Zoom and to the platform for the request carries it on. */
  trace?: TraceContext;
}

const scopes = new AsyncLocalStorage<RequestScope>();

/** Runs `work`, and everything that it begins, in the scope of a request. */
export function runInRequest<T>(scope: RequestScope, work: () => T): T {
  return scopes.run(scope, work);
}

/** The scope of the request that the calling code works for, if there is one. Its fields may be set. */
export function currentRequest(): RequestScope | undefined {
  return scopes.getStore();
}
