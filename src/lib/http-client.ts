import {
  Agent,
  EnvHttpProxyAgent,
  fetch as undiciFetch,
  type RequestInit as UndiciRequestInit,
} from 'undici';
import { type Secret } from './secret.js';
import { currentRequest } from './request-scope.js';
import { traceparentOf } from './trace-context.js';
import { USER_AGENT } from './user-agent.js';

/** `fetch`, injected: production uses {@link createFetch}, tests give fixed answers. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;

/** Outgoing proxies. A URL may hold a user and a password. */
export interface Proxies {
  /** For http URLs, and for https URLs if `https` is absent. */
  http?: Secret;
  https?: Secret;
  /** Hosts that are reached directly: names, with all names below them, or addresses; `*` for all (NO_PROXY). */
  except?: string;
}

/** Never reached through a proxy. */
const LOOPBACK = 'localhost,127.0.0.1,[::1]';

/**
 * A `fetch` with connect and read timeouts. `keepAlive: false` opens a connection for each request. The token
 * endpoint needs that: a request that is lost on a connection which the server has just closed may have spent the
 * refresh token. Every request carries {@link USER_AGENT}, also when the caller has set another name, as OAuth libraries
 * do. With `passTrace`, a request that is sent for a request of ours carries its trace on (W3C Trace Context).
 */
export function createFetch({
  keepAlive,
  timeoutMs,
  proxies = {},
  passTrace = false,
}: {
  keepAlive: boolean;
  timeoutMs: number;
  proxies?: Proxies;
  passTrace?: boolean;
}): Fetch {
  const options = {
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    ...(keepAlive ? {} : { pipelining: 0 }),
  };
  const dispatcher = proxies.http || proxies.https ? proxied(options, proxies) : new Agent(options);
  // undici's types and the platform's types describe the same objects under different names.
  return (url, init) => {
    const trace = passTrace ? currentRequest()?.trace : undefined;
    const headers = {
      ...Object.fromEntries(new Headers(init.headers)),
      'user-agent': USER_AGENT,
      ...(trace && { traceparent: traceparentOf(trace) }),
    };
    return undiciFetch(url, { ...(init as unknown as UndiciRequestInit), headers, dispatcher });
  };
}

/** Through CONNECT, also for http. Undici would read the environment for what is left out here. */
function proxied(options: Agent.Options, { http, https = http, except = '' }: Proxies): EnvHttpProxyAgent {
  return new EnvHttpProxyAgent({
    ...options,
    httpProxy: http?.reveal() ?? '',
    httpsProxy: https?.reveal() ?? '',
    noProxy: except.trim() === '*' ? '*' : `${LOOPBACK},${except}`,
    proxyTls: { timeout: CONNECT_TIMEOUT_MS },
  });
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
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  if (typeof code === 'string' && NEVER_SENT.has(code)) return true;
  if (code === 'UND_ERR_ABORTED' && /^Proxy response \(\d+\) !== 200/.test(String(message))) return true;
  return wasNeverSent(cause);
}
