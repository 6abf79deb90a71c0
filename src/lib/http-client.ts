import { Agent, fetch as undiciFetch, type RequestInit as UndiciRequestInit } from 'undici';
import { USER_AGENT } from './user-agent.js';

/** `fetch`, injected: production uses {@link createFetch}, tests give fixed answers. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;

/**
 * A `fetch` with connect and read timeouts. `keepAlive: false` opens a connection for each request. The token
 * endpoint needs that: a request that is lost on a connection which the server has just closed may have spent the
 * refresh token. Every request carries {@link USER_AGENT}, also when the caller has set another name, as OAuth libraries
 * do.
 */
export function createFetch({ keepAlive, timeoutMs }: { keepAlive: boolean; timeoutMs: number }): Fetch {
  const dispatcher = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    ...(keepAlive ? {} : { pipelining: 0 }),
  });
  // undici's types and the platform's types describe the same objects under different names.
  return (url, init) => {
    const headers = { ...Object.fromEntries(new Headers(init.headers)), 'user-agent': USER_AGENT };
    return undiciFetch(url, { ...(init as unknown as UndiciRequestInit), headers, dispatcher });
  };
}

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether a rejected `fetch` failed before it sent its first byte. False means: the request may have arrived. */
export function wasNeverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return (typeof code === 'string' && NEVER_SENT.has(code)) || wasNeverSent(error.cause);
}
