import * as oauth from 'oauth4webapi';
import { networkError } from './token-request-error.js';

/** `fetch`, injected: the composition root brings one with connect and read timeouts. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How requests reach the authorization server. */
export interface Transport {
  /** Base URL of the authorization server, e.g. `https://zoom.us`; http only for loopback. */
  baseUrl: string;
  /** Longest wait for a whole answer, ms. */
  timeoutMs: number;
  fetch: Fetch;
}

/** Sends one request of oauth4webapi's, once. @throws TokenRequestError of kind `network_error` */
export async function sendRequest(
  { baseUrl, timeoutMs, fetch }: Transport,
  request: (options: oauth.HttpRequestOptions<'POST', URLSearchParams>) => Promise<Response>,
): Promise<Response> {
  try {
    return await request({
      [oauth.customFetch]: (url, init) => fetch(url, init as RequestInit),
      // The configuration admits http for loopback only.
      [oauth.allowInsecureRequests]: baseUrl.startsWith('http:'),
      signal: () => AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw networkError(error);
  }
}
