import { Agent, fetch as undiciFetch, type RequestInit as UndiciRequestInit } from 'undici';
import { type Fetch } from '../oauth/send-request.js';

const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;

/**
 * A `fetch` with connect and read timeouts. `keepAlive: false` opens a connection for each request: for the token
 * endpoint, where a request lost on a connection that the other side had just closed could cost a connection.
 */
export function createFetch({ keepAlive, timeoutMs }: { keepAlive: boolean; timeoutMs: number }): Fetch {
  const dispatcher = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    ...(keepAlive ? {} : { pipelining: 0 }),
  });
  // undici's types and the platform's describe the same objects in two sets of names.
  return (url, init) =>
    undiciFetch(url, { ...(init as UndiciRequestInit), dispatcher }) as unknown as Promise<Response>;
}
